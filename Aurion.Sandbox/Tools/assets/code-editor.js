import { h, choice, copyButton, preview } from "./dom.js";

export const words = {
  en: { title: "Code Editor", code: "Code", run: "Run", output: "Output", page: "Page", copy: "Copy code", copied: "Copied", language: "Language",
    ready: "Press Run (Ctrl+Enter).", running: "Running…", done: ms => `Finished in ${ms} ms`, result: "The page you wrote", tidy: "Indent", tooLong: "Stopped: it ran for more than 5 seconds." },
  fr: { title: "Éditeur de code", code: "Code", run: "Exécuter", output: "Sortie", page: "Page", copy: "Copier le code", copied: "Copié", language: "Langage",
    ready: "Appuyez sur Exécuter (Ctrl+Entrée).", running: "Exécution…", done: ms => `Terminé en ${ms} ms`, result: "La page que vous avez écrite", tidy: "Indenter", tooLong: "Arrêté : l’exécution a dépassé 5 secondes." },
};

const samples = {
  javascript: `const prices = [9, 29, 99, 499];
const total = prices.reduce((sum, price) => sum + price, 0);

for (const price of prices) {
  console.log(\`$\{price} is $\{(100 * price / total).toFixed(1)} % of the total\`);
}
console.log("Total:", total);
`,
  html: `<!doctype html>
<title>Hello</title>
<style>
  body { font: 1.25rem system-ui; padding: 2rem }
</style>
<h1>Hello</h1>
<button onclick="this.textContent = 'Clicked'">Click me</button>
`,
};

// Runs in a frame without any right here, and in a worker there, so that an endless loop can be ended.
const runner = code => `<!doctype html><script>
  const source = ${JSON.stringify(code).replaceAll("<", "\\u003c")};
  const prelude = \`const show = v => typeof v === "string" ? v : v instanceof Error ? String(v) : (() => { try { return JSON.stringify(v) ?? String(v) } catch { return String(v) } })();
    for (const level of ["log", "info", "warn", "error"]) console[level] = (...values) => postMessage({ level, text: values.map(show).join(" ") });
    addEventListener("unhandledrejection", e => { console.error(e.reason); postMessage({ level: "end" }) });\`;
  const body = prelude + "\\n(async () => {\\n" + source + "\\n})().then(() => postMessage({ level: 'end' }), e => { console.error(e); postMessage({ level: 'end' }) });";
  const worker = new Worker(URL.createObjectURL(new Blob([body], { type: "text/javascript" })));
  const tell = message => parent.postMessage({ type: "output", ...message }, "*");
  worker.onmessage = e => tell(e.data);
  worker.onerror = e => { tell({ level: "error", text: e.message }); tell({ level: "end" }) };
  addEventListener("message", e => { if (e.data === "stop") worker.terminate() });
</script>`;

/** Indents by the depth of brackets. */
export function indent(code) {
  let depth = 0;
  return code.split("\n").map(line => {
    const text = line.trim();
    const closing = /^[\])}]/.test(text) ? 1 : 0;
    const indented = text && "  ".repeat(Math.max(0, depth - closing)) + text;
    const bare = text.replace(/(["'`])(?:\\.|(?!\1).)*\1|\/\/.*$/g, "");
    depth = Math.max(0, depth + (bare.match(/[[({]/g)?.length ?? 0) - (bare.match(/[\])}]/g)?.length ?? 0));
    return indented;
  }).join("\n");
}

export function mount(root, { t }) {
  let language = "javascript";
  const kept = { ...samples };
  const lines = h("div.lines", { "aria-hidden": "true" });
  const area = h("textarea.code", { "aria-label": t.code, spellcheck: "false", autocapitalize: "off", oninput: number, onscroll: () => { lines.scrollTop = area.scrollTop; }, onkeydown: keys });
  const status = h("span.quiet", { role: "status" }, t.ready);
  const output = h("div.console.grow", { role: "log", "aria-label": t.output, tabindex: "0" });
  const frame = h("iframe", { title: t.result, hidden: true });
  const tidy = h("button.btn.sec", { type: "button", onclick: () => { area.value = indent(area.value); number(); } }, t.tidy);

  function number() {
    kept[language] = area.value;
    lines.textContent = area.value.split("\n").map((_, i) => i + 1).join("\n");
  }

  function keys(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run();
    // Escape first leaves the field for whoever moves by keyboard; Tab indents otherwise.
    if (event.key === "Escape") area.blur();
    if (event.key === "Tab" && !event.shiftKey) {
      event.preventDefault();
      area.setRangeText("  ", area.selectionStart, area.selectionEnd, "end");
      number();
    }
  }

  function choose(value) {
    language = value;
    area.value = kept[value];
    number();
    output.replaceChildren();
    output.hidden = value === "html";
    tidy.hidden = value === "html";
    frame.hidden = value !== "html";
    frame.className = value === "html" ? "preview grow" : "";
    status.textContent = t.ready;
  }

  async function run() {
    status.textContent = t.running;
    output.replaceChildren();
    if (language === "html") {
      frame.src = await preview(area.value);
      status.textContent = "";
      return;
    }
    const started = performance.now();
    const tooLong = setTimeout(() => { frame.contentWindow.postMessage("stop", "*"); end(t.tooLong); }, 5000);
    const end = text => { clearTimeout(tooLong); removeEventListener("message", listen); status.textContent = text; };
    const listen = ({ source, data }) => {
      if (source !== frame.contentWindow || data?.type !== "output") return;
      if (data.level === "end") end(t.done(Math.round(performance.now() - started)));
      else output.append(h("div", { class: data.level }, data.text));
    };
    addEventListener("message", listen);
    frame.src = await preview(runner(area.value));
  }

  root.append(
    h("header.bar", {}, h("h1", {}, t.title), choice(t.language, { javascript: "JavaScript", html: "HTML" }, language, choose), tidy,
      copyButton(t.copy, t.copied, () => area.value), h("button.btn", { type: "button", onclick: run }, t.run)),
    h("div.desk.even", {}, h("div.editor", {}, lines, area), h("div.fill", {}, h("div.row.between", {}, h("h2", {}, t.output), status), output, frame)));
  choose(language);
}
