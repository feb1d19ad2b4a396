// Builds the browser's files into Aurion.Web/wwwroot (or the folder given as argument). The result is committed.
import { build, context } from "esbuild";
import subsetFont from "subset-font";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const target = process.argv.slice(2).find(a => !a.startsWith("--")) ?? path.join(here, "../Aurion.Web/wwwroot");

const pages = ["ai-agents", "app-builder", "code-editor", "content-generator", "text-editor", "website-builder"];

// What css/fonts.css says of a face is what its file holds: the letters of its unicode-range. Its address names the version of the font
// and that of the choice made here, so that it can be cached for ever and preloaded by name.
const choice = "s2";
const fonts = {
  inter: { pkg: "inter", variationAxes: { wght: { min: 400, max: 700 } } },
  bricolage: { pkg: "bricolage-grotesque", variationAxes: { wght: 650 } },
  jetbrains: { pkg: "jetbrains-mono", variationAxes: { wght: { min: 400, max: 700 } } },
};
// Fractions, arrows drawn from "->" and the like are left out: they are a fifth of Inter, and no stylesheet asks for them.
const keepFeatures = ["ccmp", "kern", "locl", "mark", "mkmk", "tnum"];

async function copyFonts() {
  const out = path.join(target, "fonts");
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const faces = [...(await readFile(path.join(here, "css/fonts.css"), "utf8")).matchAll(/url\("\/fonts\/([^"]+)"\)[^}]*unicode-range: ([^;]+);/g)];
  const licences = [];
  for (const [name, { pkg, variationAxes }] of Object.entries(fonts)) {
    const from = path.join(here, "node_modules/@fontsource-variable", pkg);
    const { version } = JSON.parse(await readFile(path.join(from, "package.json"), "utf8"));
    const whole = await readFile(path.join(from, `files/${pkg}-latin-wght-normal.woff2`));
    for (const part of [name, `${name}-more`]) {
      const file = `${part}-${version}-${choice}.woff2`;
      const face = faces.find(([, named]) => named === file);
      if (!face) throw new Error(`css/fonts.css has no face of ${file}`);
      await writeFile(path.join(out, file), await subsetFont(whole, letters(face[2]), { targetFormat: "woff2", variationAxes, keepFeatures }));
    }
    licences.push(`${pkg} ${version}\n\n${(await readFile(path.join(from, "LICENSE"), "utf8")).trim()}\n`);
  }
  await writeFile(path.join(out, "LICENSE.txt"), licences.join("\n\n"));
}

function letters(range) {
  return range.split(",").flatMap(part => {
    const [from, to = from] = part.trim().slice(2).split("-").map(code => parseInt(code, 16));
    return Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i));
  }).join("");
}

const options = {
  absWorkingDir: here,
  entryPoints: { "css/app": "css/app.css", "css/signed-in": "css/signed-in.css", "js/app": "js/app.js", "js/page": "js/page.js", "js/preview": "tools/preview.js", "js/highlight": "js/highlight.js", "js/math": "js/math.js", "js/passkey": "js/passkey.js" },
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
