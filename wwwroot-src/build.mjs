// Builds the browser's files into Aurion.Web/wwwroot (or the folder given as argument). The result is committed.
import { build, context } from "esbuild";
import subsetFont from "subset-font";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const target = process.argv.slice(2).find(a => !a.startsWith("--")) ?? path.join(here, "../Aurion.Web/wwwroot");

const pages = ["ai-agents", "app-builder", "code-editor", "content-generator", "text-editor", "website-builder"];

// What a page is made of: the letters of both languages, and the weights of the stylesheet. The monospace face joins no signs. A font's
// address names its version and that of the choice made here, so that it can be cached for ever and preloaded by name.
const choice = "s1";
const fonts = {
  inter: { pkg: "inter", variationAxes: { wght: { min: 400, max: 700 } } },
  bricolage: { pkg: "bricolage-grotesque", variationAxes: { wght: 650 } },
  jetbrains: { pkg: "jetbrains-mono", variationAxes: { wght: { min: 400, max: 700 } }, noLayoutClosure: true },
};
const letters = [[0x20, 0x7e], [0xa0, 0xff], [0x2010, 0x2027], [0x202f, 0x203a]].flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i))).join("")
  + "ŒœŸ€™←↑→↓−×\u2009";

async function copyFonts() {
  const out = path.join(target, "fonts");
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const licences = [];
  for (const [name, { pkg, ...axes }] of Object.entries(fonts)) {
    const from = path.join(here, "node_modules/@fontsource-variable", pkg);
    const { version } = JSON.parse(await readFile(path.join(from, "package.json"), "utf8"));
    const whole = await readFile(path.join(from, `files/${pkg}-latin-wght-normal.woff2`));
    await writeFile(path.join(out, `${name}-${version}-${choice}.woff2`), await subsetFont(whole, letters, { targetFormat: "woff2", ...axes }));
    licences.push(`${pkg} ${version}\n\n${(await readFile(path.join(from, "LICENSE"), "utf8")).trim()}\n`);
  }
  await writeFile(path.join(out, "LICENSE.txt"), licences.join("\n\n"));
}

const options = {
  absWorkingDir: here,
  entryPoints: { "css/app": "css/app.css", "js/app": "js/app.js", "js/preview": "tools/preview.js", "js/highlight": "js/highlight.js", "js/math": "js/math.js", "js/passkey": "js/passkey.js" },
  outdir: target,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome123", "firefox120", "safari17.5"],
  external: ["/fonts/*"],
  legalComments: "none",
  logLevel: "warning",
};

// The tools' pages are modules; what several of them use is a file of its own. Authors of other tools load aurion-tool.js.
const tools = {
  ...options,
  entryPoints: {
    "css/tools": "css/tools.css",
    ...Object.fromEntries(pages.map(page => [`js/tools/${page}`, `tools/${page}.js`])),
  },
  format: "esm",
  splitting: true,
  chunkNames: "js/tools/shared-[hash]",
  // A browser knows the names of HTML's signs; the table of them would be a third of the Text Editor.
  alias: { entities: "./tools/kit/entities.js" },
};
const module = { ...options, entryPoints: { "js/aurion-tool": "tools/aurion-tool.js" }, format: "esm" };

await copyFonts();
await rm(path.join(target, "js/tools"), { recursive: true, force: true });
await cp(path.join(here, "public"), target, { recursive: true });
for (const part of [options, tools, module]) {
  if (process.argv.includes("--watch")) await (await context(part)).watch();
  else await build(part);
}
