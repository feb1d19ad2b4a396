import { fileURLToPath } from 'node:url';

// What is read is shared with the other Node side, one folder up.
export default { turbopack: { root: fileURLToPath(new URL('..', import.meta.url)) }, poweredByHeader: false };
