// Stands first in a previewed page and tells the tool around it what goes wrong there. The page has no origin, so none can be named.
const send = message => parent.postMessage(message, "*");
const file = source => String(source ?? "").split("/").pop().split("?")[0];
const tell = (message, source, line) => send({ type: "aurion:preview-error", message: String(message).slice(0, 300), file: file(source), line: line ?? null });

addEventListener("error", event => {
  if (event.target !== window && event.target?.tagName) tell(`${event.target.tagName.toLowerCase()}: ${event.target.src ?? event.target.href ?? ""}`, location.pathname);
  else tell(event.message, event.filename, event.lineno);
}, true);
addEventListener("unhandledrejection", ({ reason }) => tell(reason?.message ?? reason, location.pathname));
addEventListener("securitypolicyviolation", event => tell(`blocked: ${event.blockedURI}`, event.sourceFile, event.lineNumber));
addEventListener("load", () => send({ type: "aurion:preview-ready" }));

for (const kind of ["log", "info", "warn", "error", "assert"]) {
  const speak = console[kind];
  console[kind] = (...values) => {
    speak.apply(console, values);
    if (kind === "assert" && values.shift()) return;
    const text = values.map(value => typeof value === "string" ? value : write(value)).join(" ").slice(0, 1000);
    if (kind === "error" || kind === "assert") tell(kind === "assert" ? `Assertion failed: ${text}` : text, location.pathname);
    else send({ type: "aurion:preview-log", text });
  };
}

function write(value) {
  try {
    return value instanceof Error ? value.message : JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}
