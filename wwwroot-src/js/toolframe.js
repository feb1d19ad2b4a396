const patience = 10_000;
const secondChance = 1_500;

/**
 * The embedded tool says {type:"aurion:ready"}; it gets its session by postMessage, to exactly its own origin. Either may be late: the
 * tool asks again until it has its session, and the session is offered again when the frame has loaded.
 *   <iframe data-tool-origin="https://tools…" data-tool-id="app-builder" data-session-token="…" data-work-id="…">
 */
export function answerToolFrames() {
  addEventListener("message", ({ source, origin, data }) => {
    const frame = typeof data?.type === "string" && frames().find(f => f.contentWindow === source);
    if (!frame || frame.dataset.toolOrigin !== origin) return;
    if (data.type === "aurion:ready") {
      frame.dataset.ready = "";
      give(frame);
    }
    // The tool has learnt that its session is over; the page asks the server.
    if (data.type === "aurion:ended") frame.dispatchEvent(new CustomEvent("aurion:expired", { bubbles: true }));
  });
  new MutationObserver(() => frames().forEach(tellSurroundings)).observe(document.documentElement, { attributeFilter: ["data-theme", "lang"] });
  addEventListener("resize", () => frames().forEach(tellSurroundings));
}

/** A tool that is not ready after ten seconds is reported by the event `aurion:silent`; the server gives its price back. */
export function awaitToolFrames(root) {
  for (const frame of root.querySelectorAll("iframe[data-tool-origin]")) {
    const waits = () => frame.isConnected && !("ready" in frame.dataset);
    frame.addEventListener("load", () => give(frame));
    // The frame came before this script, which was late, and may have been ready then: it is loaded once more.
    if (performance.getEntriesByName(frame.src).length > 0) setTimeout(() => waits() && (frame.src = frame.src), secondChance);
    setTimeout(() => waits() && frame.dispatchEvent(new CustomEvent("aurion:silent", { bubbles: true })), patience);
  }
}

const frames = () => [...document.querySelectorAll("iframe[data-tool-origin]")];

function give(frame) {
  const { sessionToken, toolId, workId } = frame.dataset;
  post(frame, { type: "aurion:session", sessionToken, toolId, workId: workId || null, ...surroundings(frame) });
}

const tellSurroundings = frame => "ready" in frame.dataset && post(frame, { type: "aurion:surroundings", ...surroundings(frame) });

const surroundings = frame => ({ lang: document.documentElement.lang, theme: currentTheme(), width: frame.clientWidth, height: frame.clientHeight });

const post = (frame, message) => frame.contentWindow?.postMessage(message, frame.dataset.toolOrigin);

function currentTheme() {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
