/**
 * The embedded tool says {type:"aurion:ready"}; it gets its session by postMessage, to exactly its own origin.
 *   <iframe data-tool-origin="https://tools…" data-tool-id="app-builder" data-session-token="…">
 */
export function answerToolFrames() {
  addEventListener("message", ({ source, origin, data }) => {
    if (data?.type !== "aurion:ready") return;
    const frame = [...document.querySelectorAll("iframe[data-tool-origin]")].find(f => f.contentWindow === source);
    if (!frame || frame.dataset.toolOrigin !== origin) return;
    source.postMessage({
      type: "aurion:session",
      sessionToken: frame.dataset.sessionToken,
      toolId: frame.dataset.toolId,
      lang: document.documentElement.lang,
      theme: currentTheme(),
    }, origin);
  });
}

function currentTheme() {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
