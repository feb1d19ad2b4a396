import { $, ask, clock, copyOf, dayAndClock, download, later, say, word } from "./dom.js";
import { told } from "./tool.js";

const pause = 900;
const retry = 4_000;

/**
 * The piece of work in the tool: saved as it is made, with its versions, and reopened after a reload.
 * @param read () => {files: [{path, text}], state} @param write (content) => void puts it into the tool, null for an empty one
 */
export class Work {
  constructor(session, { read, write, name }) {
    Object.assign(this, { session, read, write, name });
    this.clear();
    this.soon = later(pause, () => this.save());
    this.title = $("#title");
    this.title.addEventListener("input", () => { this.named = true; this.changed(); });
    this.title.form.addEventListener("submit", event => event.preventDefault());
    document.addEventListener("visibilitychange", () => document.hidden && this.isDirty && this.save());
    addEventListener("beforeunload", event => this.isDirty && event.preventDefault());
    addEventListener("keydown", event => {
      if ((event.ctrlKey || event.metaKey) && event.key === "s") {
        event.preventDefault();
        this.keep(word("by-hand"));
      }
    });
    this.menu($("#works"), () => this.listWorks());
    this.menu($("#versions"), () => this.listVersions());
  }

  /** Opens what the page asked for, or what this session made last. */
  async begin() {
    const { last } = await this.session.act("works");
    const wanted = this.session.workId ?? last;
    if (wanted) await this.open(wanted).catch(error => { if (error.status !== 404) throw error; this.fresh(); });
    else this.fresh();
  }

  /** An empty piece; nothing is kept of it until something stands in it. */
  fresh() {
    this.clear();
    this.title.value = "";
    this.write(null);
    this.tell("");
  }

  async open(id, version) {
    const work = await this.session.act("load", { workId: id, version });
    Object.assign(this, { id: work.id, revision: work.revision, version: work.newestVersion, named: true, published: { version: work.publishedVersion, url: work.publishedAt } });
    this.title.value = work.title;
    this.write(work);
    this.isDirty = false;
    const draft = this.draft();
    if (draft && !version && JSON.stringify(draft.content.files) !== JSON.stringify(work.files)) {
      this.revision = draft.revision;
      this.write(draft.content);
      this.changed();
      say(word("recovered"));
    } else this.tell(word("saved", clock(new Date())));
    return work;
  }

  /** Something is other than it was saved. */
  changed() {
    this.isDirty = true;
    this.edits++;
    this.tell(word("editing"));
    this.soon();
  }

  /** Saves; one at a time, and again when something has changed meanwhile. */
  save(options = {}) {
    return this.saving = (this.saving ?? Promise.resolve()).then(() => this.isDirty || options.keep ? this.saveNow(options) : true);
  }

  keep(note) {
    return this.save({ keep: true, note });
  }

  async saveNow({ keep = false, force = false, note = "" } = {}) {
    const content = this.read();
    if (!this.named) this.title.value = this.name(content) || word("untitled");
    const edits = this.edits;
    this.remember(content);
    try {
      const saved = await this.session.act("save", { work: { id: this.id, title: this.title.value.trim() || word("untitled"), baseRevision: this.revision, ...content, keep, force, note } });
      Object.assign(this, { revision: saved.revision, version: saved.version, previewUrl: saved.preview, isDirty: edits !== this.edits });
      this.forget();
      this.tell(word("saved", clock(new Date())));
      if (this.isDirty) this.soon();
      return true;
    } catch (error) {
      if (error.code === "WORK_CHANGED") return this.choose({ keep, note });
      if (error.code === "WORK_NOT_FOUND") {
        // Deleted elsewhere: what stands here becomes a piece of its own.
        Object.assign(this, { id: crypto.randomUUID(), revision: 0 });
        return this.saveNow({ keep, note });
      }
      this.tell(word("unsaved"), "warn");
      if (error.status === 0 || error.status >= 500 || error.status === 429) setTimeout(() => this.isDirty && this.save(), retry);
      else told(error);
      return false;
    }
  }

  // Another tab saved it meanwhile: both texts stay, the person says which one is on top.
  async choose(options) {
    if (await ask("conflict") !== "theirs") return this.saveNow({ ...options, force: true });
    const theirs = await this.session.act("load", { workId: this.id });
    await this.saveNow({ force: true, keep: true, note: word("from-this-tab") });
    this.title.value = theirs.title;
    this.write(theirs);
    this.isDirty = true;
    return this.saveNow({ keep: true, note: word("from-other-tab") });
  }

  /** Saves, and gives the address where the files run; null when they could not be saved. A save brings the address along, which spares a request. */
  async preview(options) {
    this.previewUrl = null;
    if (!await this.save(options)) return null;
    return this.previewUrl ?? (await this.session.act("preview", { workId: this.id })).url;
  }

  async export(format, path) {
    await this.save();
    try {
      const { name, contentType, content } = await this.session.act("export", { workId: this.id, format, path });
      download(name, contentType, content);
    } catch (error) {
      told(error);
    }
  }

  async listWorks() {
    const { works } = await this.session.act("works");
    return [
      entry(word("new"), "", async () => { await this.save(); this.fresh(); }),
      ...works.map(({ id, title, updatedAt }) => entry(title, dayAndClock(new Date(updatedAt)), async () => { await this.save(); await this.open(id); }, id === this.id)),
    ];
  }

  async listVersions() {
    if (this.revision === 0) return [];
    const { versions } = await this.session.act("versions", { workId: this.id });
    return versions.map(({ version, note, updatedAt }) => entry(word("version", version), [note, dayAndClock(new Date(updatedAt))].filter(Boolean).join(" · "), async () => {
      await this.keep("");
      const { files, state } = await this.session.act("load", { workId: this.id, version });
      this.write({ files, state });
      this.changed();
      await this.keep(word("back-to", version));
      say(word("went-back", version));
    }, version === this.version));
  }

  menu(details, list) {
    if (!details) return;
    const place = $("[data-list]", details);
    details.addEventListener("toggle", async () => {
      if (!details.open) return;
      try {
        const entries = await list();
        place.replaceChildren(...entries.length > 0 ? entries : [Object.assign(document.createElement("p"), { className: "group", textContent: word("nothing-yet") })]);
      } catch (error) {
        told(error);
      }
    });
    place.addEventListener("click", event => event.target.closest("button") && (details.open = false));
    closeOutside(details);
  }

  clear() {
    Object.assign(this, { id: crypto.randomUUID(), revision: 0, version: 0, isDirty: false, edits: 0, named: false, published: {} });
  }

  tell(text, tone = "") {
    const place = $("#saved");
    place.textContent = text;
    place.dataset.tone = tone;
  }

  // What could not be sent yet survives a lost connection and a closed lid; a browser may refuse to keep it.
  remember(content) {
    try {
      localStorage.setItem(`draft:${this.id}`, JSON.stringify({ revision: this.revision, content }));
    } catch { /* the next save sends it */ }
  }

  draft() {
    try {
      return JSON.parse(localStorage.getItem(`draft:${this.id}`));
    } catch {
      return null;
    }
  }

  forget() {
    try {
      localStorage.removeItem(`draft:${this.id}`);
    } catch { /* nothing was kept */ }
  }
}

/** A menu closes with Escape, and by a press beside it. */
export function closeOutside(details) {
  details.addEventListener("keydown", event => {
    if (event.key !== "Escape" || !details.open) return;
    details.open = false;
    $("summary", details).focus();
  });
  addEventListener("pointerdown", event => { if (details.open && !details.contains(event.target)) details.open = false; });
}

function entry(title, detail, act, isCurrent = false) {
  const button = copyOf("entry");
  $("[data-title]", button).textContent = title;
  $("small", button).textContent = detail;
  if (isCurrent) button.setAttribute("aria-current", "true");
  button.addEventListener("click", () => Promise.resolve(act()).catch(told));
  return button;
}
