import { h, copyButton, field, select } from "./dom.js";

export const words = {
  en: { title: "AI Agents", input: "What the agent works on", steps: "Its steps", add: "Add a step", run: "Run the agent", output: "Result", log: "What it did", remove: "Remove step", up: "Move up",
    copy: "Copy result", copied: "Copied", value: "Word or number", lines: n => `${n} line${n === 1 ? "" : "s"}`, none: "Add at least one step.", bad: "This step needs a word or a number.",
    sample: "Order 1041, 29.00, camille@example.com\nOrder 1042, 9.00, noah@example.com\nRefund 1039, -9.00, camille@example.com\nOrder 1043, 99.00, ines@example.com",
    kinds: { keep: "Keep lines with", drop: "Drop lines with", emails: "Extract e-mail addresses", unique: "Remove duplicates", sort: "Sort", column: "Take column", sum: "Add up the numbers", first: "First lines", upper: "In capitals" } },
  fr: { title: "Agents IA", input: "Ce sur quoi l’agent travaille", steps: "Ses étapes", add: "Ajouter une étape", run: "Lancer l’agent", output: "Résultat", log: "Ce qu’il a fait", remove: "Retirer l’étape", up: "Monter",
    copy: "Copier le résultat", copied: "Copié", value: "Mot ou nombre", lines: n => `${n} ligne${n > 1 ? "s" : ""}`, none: "Ajoutez au moins une étape.", bad: "Cette étape demande un mot ou un nombre.",
    sample: "Commande 1041, 29.00, camille@example.com\nCommande 1042, 9.00, noah@example.com\nRemboursement 1039, -9.00, camille@example.com\nCommande 1043, 99.00, ines@example.com",
    kinds: { keep: "Garder les lignes avec", drop: "Retirer les lignes avec", emails: "Extraire les adresses e-mail", unique: "Retirer les doublons", sort: "Trier", column: "Prendre la colonne", sum: "Additionner les nombres", first: "Premières lignes", upper: "En capitales" } },
};

const contains = (line, value) => line.toLowerCase().includes(value.toLowerCase());
const numbers = text => (text.match(/-?\d+(?:\.\d+)?/g) ?? []).map(Number);

/** Each step takes lines and a value, and gives lines. */
export const actions = {
  keep: (lines, value) => lines.filter(line => contains(line, value)),
  drop: (lines, value) => lines.filter(line => !contains(line, value)),
  emails: lines => lines.flatMap(line => line.match(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g) ?? []),
  unique: lines => [...new Set(lines)],
  sort: lines => lines.toSorted((a, b) => a.localeCompare(b, undefined, { numeric: true })),
  column: (lines, value) => lines.map(line => line.split(/\s*[,;\t]\s*/)[value - 1] ?? ""),
  sum: lines => [String(Math.round(lines.flatMap(numbers).reduce((sum, n) => sum + n, 0) * 100) / 100)],
  first: (lines, value) => lines.slice(0, value),
  upper: lines => lines.map(line => line.toUpperCase()),
};

const needsWord = ["keep", "drop"];
const needsNumber = ["column", "first"];

export function mount(root, { t, lang }) {
  const input = h("textarea", { rows: "8" }, t.sample);
  const steps = h("ol.steps");
  const output = h("textarea.code", { readOnly: true, rows: "8", "aria-label": t.output });
  const log = h("ol.list.quiet");
  const status = h("p.quiet", { role: "status" });

  function add(kind, value = "") {
    const chosen = select(t.kinds, { "aria-label": t.steps });
    chosen.value = kind;
    const word = h("input", { type: "text", value, "aria-label": t.value });
    const fit = () => { word.hidden = ![...needsWord, ...needsNumber].includes(chosen.value); };
    chosen.addEventListener("change", fit);
    fit();
    const item = h("li", {}, chosen, word, h("span.row", {},
      h("button.btn.sec.small", { type: "button", "aria-label": t.up, onclick: () => item.previousElementSibling?.before(item) }, "↑"),
      h("button.btn.sec.small", { type: "button", "aria-label": t.remove, onclick: () => item.remove() }, "×")));
    item.read = () => ({ kind: chosen.value, value: word.value.trim() });
    steps.append(item);
  }

  function run() {
    log.replaceChildren();
    status.textContent = steps.children.length ? "" : t.none;
    let lines = input.value.split("\n").filter(line => line.trim());
    for (const item of steps.children) {
      const { kind, value } = item.read();
      if ((needsWord.includes(kind) && !value) || (needsNumber.includes(kind) && !(Number(value) >= 1))) {
        status.textContent = `${t.kinds[kind]}: ${t.bad}`;
        break;
      }
      lines = actions[kind](lines, needsNumber.includes(kind) ? Number(value) : value);
      log.append(h("li", {}, `${t.kinds[kind]} ${value} → ${t.lines(lines.length)}`));
    }
    output.value = lines.join("\n");
  }

  [["keep", lang === "fr" ? "Commande" : "Order"], ["column", "2"], ["sum"]].forEach(step => add(...step));
  root.append(
    h("header.bar", {}, h("h1", {}, t.title), copyButton(t.copy, t.copied, () => output.value), h("button.btn", { type: "button", onclick: run }, t.run)),
    h("div.desk.even", {},
      h("div.stack", {}, field(t.input, input), h("h2", {}, t.steps), steps, h("button.btn.sec", { type: "button", onclick: () => add("sort") }, t.add)),
      h("div.stack", {}, h("h2", {}, t.output), output, status, h("h2", {}, t.log), log)));
}
