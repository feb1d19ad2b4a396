import { h, choice, copyButton, escapeHtml, field, hash, preview } from "./dom.js";
import { kinds } from "./app-templates.js";

export const words = {
  en: { title: "App Builder", prompt: "Describe your application", example: "A pomodoro timer of 25 minutes for my team", build: "Build", building: "Building…",
    built: (kind, lines) => `Built: ${kind}, ${lines} lines in one file.`, versions: "Versions", view: "View", app: "Application", code: "Code", copy: "Copy code", copied: "Copied",
    empty: "Your application runs here.", note: "Understood: timers, budgets, quizzes, notes, and lists for the rest.",
    kinds: { timer: "a timer", budget: "a budget", quiz: "a quiz", notes: "a notebook", list: "a list" } },
  fr: { title: "Créateur d’applications", prompt: "Décrivez votre application", example: "Un minuteur pomodoro de 25 minutes pour mon équipe", build: "Construire", building: "Construction…",
    built: (kind, lines) => `Construit : ${kind}, ${lines} lignes en un fichier.`, versions: "Versions", view: "Vue", app: "Application", code: "Code", copy: "Copier le code", copied: "Copié",
    empty: "Votre application tourne ici.", note: "Compris : minuteurs, budgets, quiz, notes, et des listes pour le reste.",
    kinds: { timer: "un minuteur", budget: "un budget", quiz: "un quiz", notes: "un carnet", list: "une liste" } },
};

/** The same prompt gives the same application. */
export function build(prompt, lang) {
  const kind = Object.keys(kinds).find(name => kinds[name].match.test(prompt)) ?? "list";
  const text = prompt.trim().split(/[.\n]/)[0];
  const title = text.charAt(0).toUpperCase() + text.slice(1, 60);
  const minutes = /(\d{1,3})\s*(?:-\s*)?min/i.exec(prompt)?.[1] ?? "25";
  const template = kinds[kind];
  const hue = hash(prompt) % 360;
  const html = `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>
  :root { color-scheme: light dark; --accent: oklch(52% .15 ${hue}) }
  body { font: 1rem/1.5 system-ui; max-width: 34rem; margin: 2rem auto; padding: 0 1rem }
  h1 { font-size: 1.6rem; line-height: 1.2; border-left: .4rem solid var(--accent); padding-left: .75rem }
  input, textarea { font: inherit; padding: .5rem; border: 1px solid gray; border-radius: .4rem; max-width: 100%; box-sizing: border-box }
  button { font: inherit; padding: .5rem .9rem; border: 0; border-radius: .4rem; background: var(--accent); color: white; cursor: pointer }
  form { display: flex; flex-wrap: wrap; gap: .5rem } form > input:first-child, textarea, label > input:not([type]) { flex: 1; width: 100% }
  ul { padding: 0; list-style: none } li { display: flex; justify-content: space-between; gap: 1rem; padding: .4rem 0; border-bottom: 1px solid color-mix(in oklch, gray 30%, transparent) }
  output { display: block; font: 700 4rem/1.4 ui-monospace, monospace } table { width: 100%; text-align: left } td:last-child, th:last-child { text-align: right } label { display: block; margin: .5rem 0 }
</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
${template.body(template[lang]).replace("{{minutes}}", minutes)}
<script>
  const $ = id => document.getElementById(id);
  const [f, i, l, c, m, o, s, r, p, a, t, q] = "filcmosrpatq".split("").map($);
${template.script(template[lang]).replace(/^\n/, "")}
</script>
</body>
</html>
`;
  return { kind, title, html };
}

export function mount(root, { t, lang }) {
  const versions = [];
  let view = "app";
  const prompt = h("textarea", { rows: "5", maxLength: 2000, placeholder: t.example, required: true });
  const status = h("p.quiet", { role: "status" }, t.note);
  const frame = h("iframe.preview.grow", { title: t.app });
  const code = h("textarea.code.grow", { readOnly: true, "aria-label": t.code });
  const empty = h("p.state.quiet", {}, t.empty);
  const history = h("ol.list");
  const button = h("button.btn", {}, t.build);
  let shown = null;

  async function show(version) {
    shown = version;
    code.value = version.html;
    frame.src = await preview(version.html);
    draw();
  }

  function draw() {
    empty.hidden = shown !== null;
    frame.hidden = shown === null || view !== "app";
    code.hidden = shown === null || view !== "code";
    history.replaceChildren(...versions.map(version =>
      h("li", {}, h("button.btn.sec.small", { type: "button", "aria-pressed": String(version === shown), onclick: () => show(version) }, version.title))));
  }

  async function submit(event) {
    event.preventDefault();
    const version = build(prompt.value || t.example, lang);
    versions.unshift(version);
    await show(version);
    status.textContent = t.built(t.kinds[version.kind], version.html.split("\n").length);
  }

  root.append(
    h("header.bar", {}, h("h1", {}, t.title), choice(t.view, { app: t.app, code: t.code }, view, value => { view = value; draw(); }),
      copyButton(t.copy, t.copied, () => code.value)),
    h("div.desk", {},
      h("form.stack", { onsubmit: submit, noValidate: true }, field(t.prompt, prompt), button, status, h("h2", {}, t.versions), history),
      h("div.fill", {}, empty, frame, code)));
  draw();
}
