// What an agent may call: sums, tables, texts and the files of its own piece of work. Nothing leaves the page.
const longestPart = 6_000;
const mostRows = 60;

const text = description => ({ type: "string", description });
const offer = (name, description, properties, required) => ({ name, description, parameters: { type: "object", properties, required, additionalProperties: false } });

export const functions = [
  offer("calculate", "Calculates exactly; use it for every figure. Each expression has numbers, + - * / ^ ( ) and round(x, digits), min, max, sum, avg, abs, sqrt.",
    { expressions: { type: "array", items: { type: "string" }, description: "Several at once." } }, ["expressions"]),
  offer("table", "Reads a table of a file (CSV, or a table in Markdown): filters, groups, adds up, sorts. Answers with a Markdown table.", {
    file: text("The file's path."), where_column: text("Only rows whose value in this column …"), where_contains: text("… contains this."),
    group_by: text("One row for each value of this column."), column: text("The column of numbers."), aggregate: { type: "string", enum: ["sum", "average", "min", "max", "count"] },
    sort_by: text("A column."), descending: { type: "boolean" }, limit: { type: "integer" },
  }, ["file"]),
  offer("text", "Looks at a text: counts words, finds the lines with some words, or lists the words that come back most.", {
    file: text("The file's path."), operation: { type: "string", enum: ["count", "find", "frequent_words"] }, words: text("What to find."),
  }, ["file", "operation"]),
  offer("read_file", `Reads ${longestPart} characters of a file.`, { path: text("The file's path."), from: { type: "integer", description: "The first character, 0 by default." } }, ["path"]),
  offer("finish_step", "Ends the current step with what it adds to the document.", {
    outcome: text("One short sentence: what came out."), heading: text("The section of the document; one that exists is replaced."), markdown: text("The section's text, without its heading."),
  }, ["outcome", "heading", "markdown"]),
];

/** The result that a model reads; one that begins with "Error" says what it did wrong. */
export function perform(files, name, given) {
  if (given === null || typeof given !== "object") return fault("the arguments are no object");
  try {
    switch (name) {
      case "calculate": return [given.expressions ?? []].flat().map(expression => `${expression} = ${calculate(String(expression))}`).join("\n") || fault("expressions is empty");
      case "table": return table(fileOf(files, given.file), given);
      case "text": return look(fileOf(files, given.file), given);
      case "read_file": return read(fileOf(files, given.path), Math.max(0, Number(given.from) || 0));
      case "finish_step": return typeof given.markdown === "string" && typeof given.outcome === "string" ? "" : fault("outcome, heading and markdown are needed");
      default: return fault(`there is no function ${name}; there is ${functions.map(each => each.name).join(", ")}`);
    }
  } catch (error) {
    return fault(error.message);
  }
}

const fault = message => `Error: ${message}.`;

function fileOf(files, path) {
  const file = files.find(each => each.path === path);
  if (!file) throw new Error(files.length > 0 ? `no file ${path}; there is ${files.map(each => each.path).join(", ")}` : "the person has added no file");
  return file;
}

/** An expression's value with twelve significant digits, so that 0.1 + 0.2 is 0.3. */
export function calculate(source) {
  const tokens = source.replaceAll("×", "*").replaceAll("÷", "/").replaceAll("−", "-").match(/\d+(?:\.\d+)?(?:e[+-]?\d+)?|\.\d+|[a-z]+|[-+*/^%(),]|\S/gi) ?? [];
  let at = 0;
  const take = token => tokens[at] === token && ++at > 0;
  const expect = token => { if (!take(token)) throw new Error(`"${source}": "${token}" is missing before "${tokens[at] ?? "the end"}"`); };
  const known = {
    round: (x, digits = 0) => Math.sign(x) * Math.round((Math.abs(x) + Number.EPSILON) * 10 ** digits) / 10 ** digits,
    min: Math.min, max: Math.max, abs: Math.abs, sqrt: Math.sqrt,
    sum: (...all) => all.reduce((a, b) => a + b, 0), avg: (...all) => all.reduce((a, b) => a + b, 0) / all.length,
  };
  function sum() {
    let value = product();
    for (;;) {
      if (take("+")) value += product();
      else if (take("-")) value -= product();
      else return value;
    }
  }
  function product() {
    let value = signed();
    for (;;) {
      if (take("*")) value *= signed();
      else if (take("/")) value /= signed();
      else if (take("%")) value /= 100;
      else return value;
    }
  }
  function signed() {
    return take("-") ? -signed() : take("+") ? signed() : power();
  }
  function power() {
    const base = atom();
    return take("^") ? base ** signed() : base;
  }
  function atom() {
    const token = tokens[at++];
    if (token === "(") {
      const value = sum();
      expect(")");
      return value;
    }
    if (/^[\d.]/.test(token ?? "")) return Number(token);
    if (!Object.hasOwn(known, token?.toLowerCase() ?? "")) throw new Error(`"${source}": "${token ?? "the end"}" is no number`);
    expect("(");
    const values = [sum()];
    while (take(",")) values.push(sum());
    expect(")");
    return known[token.toLowerCase()](...values);
  }
  const value = sum();
  if (at < tokens.length) throw new Error(`"${source}": "${tokens[at]}" is not understood`);
  if (!Number.isFinite(value)) throw new Error(`"${source}" has no finite value`);
  return plain(value);
}

const plain = value => String(Number(value.toPrecision(12)));

function read({ text: whole }, from) {
  const part = whole.slice(from, from + longestPart);
  return part.length === whole.length ? whole : `[characters ${from} to ${from + part.length} of ${whole.length}]\n${part}`;
}

function look({ text: whole }, { operation, words = "" }) {
  const all = whole.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}’'-]*/gu) ?? [];
  if (operation === "count") return `${all.length} words, ${whole.length} characters, ${whole.split("\n").filter(line => line.trim()).length} lines`;
  if (operation === "find") {
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    if (wanted.length === 0) return fault("words is needed");
    const lines = whole.split("\n").map((line, i) => [i + 1, line]).filter(([, line]) => wanted.every(word => line.toLowerCase().includes(word)));
    return lines.length === 0 ? "No line has them." : lines.slice(0, mostRows).map(([n, line]) => `${n}: ${line.trim().slice(0, 300)}`).join("\n");
  }
  if (operation !== "frequent_words") return fault("operation is count, find or frequent_words");
  const counts = new Map();
  for (const word of all) if (word.length > 4) counts.set(word, (counts.get(word) ?? 0) + 1);
  const top = [...counts].sort(([a, n], [b, m]) => m - n || a.localeCompare(b)).filter(([, n]) => n > 1).slice(0, 12);
  return top.length === 0 ? "No longer word comes back." : markdown(["Word", "Times"], top.map(([word, n]) => [word, String(n)]), new Set([1]));
}

function table({ text: whole }, { where_column: where, where_contains: wanted, group_by: group, column, aggregate, sort_by: sort, descending, limit }) {
  const [head, ...all] = rowsOf(whole);
  // One file writes its numbers in one way: whether "1,000" is one or a thousand shows in the others, or in how the columns are parted.
  const isComma = isSemicolon(whole) || all.some(row => row.some(cell => /^-?[\d. ]+,(\d{1,2}|\d{4,})\D*$/.test(cell)));
  const amount = cell => numberOf(cell, isComma);
  if (!head) throw new Error("the file has no table");
  const place = name => {
    const i = head.findIndex(each => each.toLowerCase() === String(name).trim().toLowerCase());
    if (i < 0) throw new Error(`no column ${name}; there is ${head.join(", ")}`);
    return i;
  };
  let rows = where ? all.filter(row => (row[place(where)] ?? "").toLowerCase().includes(String(wanted ?? "").toLowerCase())) : all;
  let shown = head;
  if (group || aggregate) {
    const [by, of] = [group ? place(group) : -1, column ? place(column) : -1];
    if (of < 0 && aggregate && aggregate !== "count") throw new Error("column is needed");
    const groups = new Map();
    for (const row of rows) {
      const key = by < 0 ? "" : row[by] ?? "";
      groups.set(key, [...groups.get(key) ?? [], row]);
    }
    shown = [by < 0 ? "" : head[by], of < 0 ? "count" : head[of]];
    rows = [...groups].map(([key, members]) => [key, plain(aggregated(of < 0 ? "count" : aggregate ?? "sum", members.map(row => amount(row[of]))))]);
  }
  if (sort) {
    const i = shown.findIndex(each => each.toLowerCase() === String(sort).trim().toLowerCase());
    if (i < 0) throw new Error(`no column ${sort} in the result; there is ${shown.join(", ")}`);
    rows = rows.toSorted((a, b) => (Number.isNaN(amount(a[i])) ? (a[i] ?? "").localeCompare(b[i] ?? "") : amount(a[i]) - amount(b[i])) * (descending ? -1 : 1));
  }
  const some = rows.slice(0, Math.min(mostRows, limit > 0 ? limit : mostRows));
  const numbers = new Set(shown.map((_, i) => i).filter(i => some.length > 0 && some.every(row => !Number.isNaN(amount(row[i])))));
  return markdown(shown, some, numbers) + (some.length < rows.length ? `\n\n(${some.length} of ${rows.length} rows)` : "");
}

function aggregated(how, values) {
  const numbers = values.filter(value => !Number.isNaN(value));
  if (how === "count") return values.length;
  if (numbers.length === 0) throw new Error("the column has no numbers");
  const sum = numbers.reduce((a, b) => a + b, 0);
  return how === "average" ? sum / numbers.length : how === "min" ? Math.min(...numbers) : how === "max" ? Math.max(...numbers) : sum;
}

// 1,234.50 or 1 234,50 €; NaN for what is no number.
function numberOf(cell = "", isComma) {
  const bare = cell.replace(/[\s\u00a0\u202f€$£%]/g, "");
  return /^-?[\d.,]*\d[\d.,]*$/.test(bare) ? Number(isComma ? bare.replaceAll(".", "").replace(",", ".") : bare.replaceAll(",", "")) : NaN;
}

const isSemicolon = whole => /^[^\n,\t|]*;/.test(whole.trimStart());

function rowsOf(whole) {
  const lines = whole.split("\n").filter(line => line.trim());
  const piped = lines.filter(line => /^\s*\|.*\|\s*$/.test(line));
  if (piped.length > 1) return piped.filter(line => !/^[\s|:-]+$/.test(line)).map(line => line.trim().slice(1, -1).split("|").map(cell => cell.trim()));
  const mark = [";", "\t", ","].find(each => lines[0]?.includes(each)) ?? ",";
  return parts(whole, mark);
}

// RFC 4180, with the mark that the first line has.
function parts(whole, mark) {
  const rows = [[""]];
  let isQuoted = false;
  for (let i = 0; i < whole.length; i++) {
    const row = rows.at(-1);
    const sign = whole[i];
    if (isQuoted && sign === "\"" && whole[i + 1] === "\"") row[row.length - 1] += whole[i++];
    else if (sign === "\"" && (isQuoted || row.at(-1).trim() === "")) isQuoted = !isQuoted;
    else if (!isQuoted && sign === mark) row.push("");
    else if (!isQuoted && sign === "\n") rows.push([""]);
    else if (sign !== "\r") row[row.length - 1] += sign;
  }
  return rows.map(row => row.map(cell => cell.trim())).filter(row => row.some(Boolean));
}

function markdown(head, rows, numbers) {
  const line = cells => `| ${cells.map(cell => String(cell ?? "").replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  return [line(head), line(head.map((_, i) => numbers.has(i) ? "---:" : "---")), ...rows.map(line)].join("\n");
}
