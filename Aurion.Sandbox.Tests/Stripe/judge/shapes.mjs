// What the stand-in answers and sends, held against the types that the SDK publishes for its API version: a missing, misspelt
// or invented member, a wrong type or a word that an enumeration lacks is an error of the TypeScript compiler.
import { execFile } from 'node:child_process';
import http from 'node:http';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
const seen = new Map();

/** A way to the stand-in that remembers each answer which passes. */
export async function listen(base) {
  const way = http.createServer((request, response) => {
    const onward = http.request(new URL(request.url, base), { method: request.method, headers: { ...request.headers, host: base.host } }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => {
        const body = Buffer.concat(parts);
        if (answer.statusCode === 200 && answer.headers['content-type'] === 'application/json') remember(JSON.parse(body), `${request.method} ${request.url}`);
        response.writeHead(answer.statusCode, answer.headers).end(body);
      });
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  await new Promise((ready) => way.listen(0, '127.0.0.1', ready));
  return way;
}

export function remember(object, from) {
  if (object.object === 'list') return object.data.forEach((one) => remember(one, from));
  // Only parts of objects have changed, and the SDK has no type for a part of a part.
  if (object.object === 'event') object = { ...object, data: { object: object.data.object } };
  // One of each shape is enough: words count, names, numbers and times do not.
  const shape = JSON.stringify(object, (_, value) => (typeof value === 'number' ? 0 : typeof value === 'string' && !/^[a-z_.]+$/.test(value) ? '' : value));
  if (!seen.has(shape)) seen.set(shape, { object, from });
}

const pascal = (word) => word.split('_').map((part) => part[0].toUpperCase() + part.slice(1)).join('');
const irregular = { item: 'LineItem', line_item: 'InvoiceLineItem', invoiceitem: 'InvoiceItem' };
const typeOf = ({ object, deleted }) => `Stripe.${(irregular[object] ?? object.split('.').map(pascal).join('.')).replace(/(\w+)$/, deleted ? 'Deleted$1' : '$1')}`;
// The SDK turns the text of a decimal into an object.
const literal = (object) => JSON.stringify(object).replace(/(?<=_decimal":)"[-\d.]+"/g, 'decimal($&)');

/** How many shapes were compared, and the compiler's complaints, each with the call that it is about. */
export async function compare() {
  const all = [...seen.values()];
  const rows = all.map(({ object }, i) => `export const a${i}: ${typeOf(object)} = ${literal(object)};`);
  writeFileSync(join(here, 'answers.ts'), ["import type { Stripe } from 'stripe'; declare const decimal: (text: string) => Stripe.Decimal;", ...rows].join('\n'));
  const words = [compiler, '--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--module', 'nodenext', 'answers.ts'];
  const said = await new Promise((done) => execFile(process.execPath, words, { cwd: here, maxBuffer: 1 << 28 }, (error, out, errors) => done(error ? out + errors : '')));
  const place = (_, line, column) => `${all[line - 2]?.from}\n  at ${rows[line - 2]?.slice(column - 1, Number(column) + 80)}\n  `;
  return { count: all.length, objects: new Set(all.map(({ object }) => object.object)), complaints: said.replace(/^answers\.ts\((\d+),(\d+)\): /gm, place) };
}
