const patience = 10_000;
const secondChance = 1_500;

/**
 * The embedded tool says {type:"aurion:ready"}; it gets its session by postMessage, to exactly its own origin.
 *   <iframe data-tool-origin="https://tools…" data-tool-id="app-builder" data-session-token="…">
 */
export function answerToolFrames() {
  addEventListener("message", ({ source, origin, data }) => {
    if (data?.type !== "aurion:ready") return;
    const frame = [...document.querySelectorAll("iframe[data-tool-origin]")].find(f => f.contentWindow === source);
    if (!frame || frame.dataset.toolOrigin !== origin) return;
    frame.dataset.ready = "";
    source.postMessage({
      type: "aurion:session",
      sessionToken: frame.dataset.sessionToken,
      toolId: frame.dataset.toolId,
      lang: document.documentElement.lang,
      theme: currentTheme(),
    }, origin);
  });
}

/** A tool that is not ready after ten seconds is reported by the event `aurion:silent`; the server gives its price back. */
export function awaitToolFrames(root) {
  const inside = root.querySelectorAll("iframe[data-tool-origin]");
  for (const frame of inside) {
    const waits = () => frame.isConnected && !("ready" in frame.dataset);
    // The frame came before this script, which was late, and may have been ready then: it is loaded once more.
    if (performance.getEntriesByName(frame.src).length > 0) setTimeout(() => waits() && (frame.src = frame.src), secondChance);
    setTimeout(() => waits() && frame.dispatchEvent(new CustomEvent("aurion:silent", { bubbles: true })), patience);
  }
}

function currentTheme() {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
