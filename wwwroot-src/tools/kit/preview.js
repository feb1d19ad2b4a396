import { $, word } from "./dom.js";

const silence = 10_000;

/** The frame in which a project runs, on an address that gives it no right; it tells what goes wrong there. */
export class Preview {
  constructor({ onFault, onLog }) {
    this.frame = $("#preview");
    this.status = $("#preview-status");
    addEventListener("message", ({ source, data }) => {
      if (source !== this.frame.contentWindow) return;
      if (data?.type === "aurion:preview-ready") this.isReady = true;
      if (data?.type === "aurion:preview-error") onFault({ message: String(data.message), file: String(data.file ?? ""), line: Number(data.line) || null });
      if (data?.type === "aurion:preview-log") onLog?.(String(data.text));
      if (this.isReady) this.status.textContent = "";
    });
  }

  run(url) {
    this.isReady = false;
    this.status.textContent = word("preview-loading");
    // A frame of its own for each run: what runs for ever in the old one ends with it.
    const fresh = this.frame.cloneNode(false);
    fresh.src = url;
    this.frame.replaceWith(fresh);
    this.frame = fresh;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { if (!this.isReady) this.status.textContent = word("preview-silent"); }, silence);
  }
}
