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
    this.show(url);
    this.status.textContent = word("preview-loading");
    this.timer = setTimeout(() => { if (!this.isReady) this.status.textContent = word("preview-silent"); }, silence);
  }

  clear() {
    this.show(null);
    this.status.textContent = "";
  }

  // A frame of its own for each run: what runs for ever in the old one ends with it.
  show(url) {
    clearTimeout(this.timer);
    this.isReady = false;
    const fresh = this.frame.cloneNode(false);
    if (url) fresh.src = url;
    else fresh.removeAttribute("src");
    this.frame.replaceWith(fresh);
    this.frame = fresh;
  }
}
