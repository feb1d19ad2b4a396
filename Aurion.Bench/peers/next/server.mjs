// The same pages by Next.js: server components, built for production. The port that was free is printed.
import { createServer } from 'node:http';
import next from 'next';

const app = next({ dir: import.meta.dirname, dev: false });
await app.prepare();
const server = createServer(app.getRequestHandler()).listen(0, '127.0.0.1', () => console.log(server.address().port));
// While the other sides have their turns, nobody speaks here.
server.keepAliveTimeout = 600_000;
