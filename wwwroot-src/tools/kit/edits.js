// What a model writes, as files. Two forms: <file path="…">whole text</file>, and blocks of SEARCH and REPLACE under a file's name.
const block = /(?:^|\n)(?:(?:#+ |\*\*|`)?([\w./-]+\.\w+)(?:\*\*|`)?:?\s*\n)?(?:```\w*\n)?<{5,9} ?SEARCH\n([\s\S]*?)\n?={5,9}\n([\s\S]*?)\n?>{5,9} ?REPLACE/g;
const whole = /<file path="([^"\n]+)">\n?([\s\S]*?)<\/file>/g;
const opened = /<file path="([^"\n]+)">/g;

/** Whether a path stays inside the project. */
export const isPath = path => path.length <= 120 && /^[\p{L}\p{N}_-][\p{L}\p{N}_.-]*(\/[\p{L}\p{N}_-][\p{L}\p{N}_.-]*){0,8}$/u.test(path);

/**
 * Applies an answer to files; changes nothing that does not fit.
 * @returns {{files, changed: string[], faults: {kind: "path"|"cut"|"fits"|"twice"|"none", path: string}[]}}
 */
export function apply(files, answer, onlyFile) {
  const next = new Map(files.map(({ path, text }) => [path, text]));
  const changed = new Set();
  const faults = [];
  for (const [, path, text] of answer.matchAll(whole)) {
    if (!isPath(path)) faults.push({ kind: "path", path });
    else {
      next.set(path, unfenced(text).replace(/\n?$/, "\n"));
      changed.add(path);
    }
  }
  const ends = [...answer.matchAll(whole)].length;
  const starts = [...answer.matchAll(opened)];
  if (starts.length > ends) faults.push({ kind: "cut", path: starts.at(-1)[1] });

  let last = onlyFile;
  for (const [, named, search, replace] of answer.replace(whole, "").matchAll(block)) {
    const path = last = named && (next.has(named) || !onlyFile) ? named : last ?? [...next.keys()].find(name => next.get(name).includes(search));
    if (!path || !next.has(path)) {
      faults.push({ kind: path && !isPath(path) ? "path" : "fits", path: path ?? "?" });
      continue;
    }
    const text = next.get(path);
    const place = find(text, search);
    if (place === null) faults.push({ kind: "fits", path });
    else if (place === "twice") faults.push({ kind: "twice", path });
    else {
      next.set(path, text.slice(0, place.from) + replace + text.slice(place.to));
      changed.add(path);
    }
  }
  if (onlyFile && changed.size === 0 && faults.length === 0 && /```/.test(answer)) {
    next.set(onlyFile, unfenced(answer.slice(answer.indexOf("```"))).replace(/\n?$/, "\n"));
    changed.add(onlyFile);
  }
  if (changed.size === 0 && faults.length === 0) faults.push({ kind: "none", path: "" });
  return { files: [...next].map(([path, text]) => ({ path, text })), changed: [...changed], faults };
}

// The exact text once; else the same lines whatever their indentation.
function find(text, search) {
  if (search.trim() === "") return null;
  const at = text.indexOf(search);
  if (at >= 0) return text.indexOf(search, at + 1) >= 0 ? "twice" : { from: at, to: at + search.length };
  const lines = text.split("\n");
  const wanted = search.split("\n").map(line => line.trim());
  const fits = lines.map((_, i) => i).filter(i => wanted.every((line, n) => lines[i + n]?.trim() === line));
  if (fits.length !== 1) return fits.length > 1 ? "twice" : null;
  const from = lines.slice(0, fits[0]).join("\n").length + (fits[0] > 0 ? 1 : 0);
  return { from, to: from + lines.slice(fits[0], fits[0] + wanted.length).join("\n").length };
}

const unfenced = text => /^\s*```/.test(text) ? text.replace(/^\s*```[^\n]*\n/, "").replace(/\n```[\s\S]*$/, "\n") : text;

/** How many lines a version adds and takes away. */
export function difference(before = "", after = "") {
  const count = new Map();
  for (const line of before.split("\n")) count.set(line, (count.get(line) ?? 0) + 1);
  let added = 0;
  for (const line of after.split("\n")) {
    const left = count.get(line) ?? 0;
    if (left > 0) count.set(line, left - 1);
    else added++;
  }
  return { added, removed: [...count.values()].reduce((sum, n) => sum + n, 0) };
}

/** Files as a prompt shows them. */
export const shown = files => files.map(({ path, text }) => `<file path="${path}">\n${text.replace(/\n?$/, "\n")}</file>`).join("\n");
