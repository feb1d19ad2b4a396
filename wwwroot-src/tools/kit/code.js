import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab, redo, undo } from "@codemirror/commands";
import { css } from "@codemirror/lang-css";
import { html } from "@codemirror/lang-html";
import { javascript } from "@codemirror/lang-javascript";
import { json } from "@codemirror/lang-json";
import { markdown } from "@codemirror/lang-markdown";
import { python } from "@codemirror/lang-python";
import { bracketMatching, foldGutter, foldKeymap, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { acceptChunk, getChunks, rejectChunk, unifiedMergeView } from "@codemirror/merge";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightSpecialChars, keymap, lineNumbers, rectangularSelection } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const languages = { html, htm: html, js: javascript, mjs: javascript, ts: () => javascript({ typescript: true }), jsx: () => javascript({ jsx: true }), css, json, md: markdown, py: python };

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.tagName, tags.heading], color: "light-dark(oklch(42% .17 268), oklch(80% .1 268))" },
  { tag: [tags.string, tags.attributeValue, tags.regexp], color: "light-dark(oklch(42% .1 155), oklch(82% .12 155))" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom, tags.unit, tags.color], color: "light-dark(oklch(45% .13 50), oklch(82% .11 60))" },
  { tag: [tags.comment, tags.meta], color: "light-dark(oklch(47% .02 265), oklch(72% .018 265))", fontStyle: "italic" },
  { tag: [tags.propertyName, tags.attributeName, tags.definition(tags.variableName)], color: "light-dark(oklch(44% .12 300), oklch(82% .09 300))" },
  { tag: tags.invalid, color: "light-dark(oklch(48% .19 27), oklch(78% .13 25))" },
]);

const look = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "var(--surface)", fontSize: "14px" },
  ".cm-scroller": { fontFamily: "ui-monospace, monospace", lineHeight: "1.6", overflow: "auto" },
  ".cm-gutters": { color: "var(--ink-3)", backgroundColor: "var(--surface)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in oklch, var(--brand-tint) 50%, transparent)" },
  "&.cm-focused": { outline: "3px solid var(--brand)", outlineOffset: "-3px" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { background: "light-dark(oklch(88% .05 268), oklch(38% .09 268))" },
  ".cm-panels, .cm-tooltip": { color: "var(--ink)", backgroundColor: "var(--surface-2)", borderColor: "var(--line)" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { color: "var(--on-brand)", backgroundColor: "var(--brand)" },
  ".cm-changedLine, .cm-insertedLine": { backgroundColor: "var(--ok-tint) !important" },
  ".cm-changedText": { background: "color-mix(in oklch, var(--ok) 25%, transparent) !important" },
  ".cm-deletedChunk": { backgroundColor: "var(--danger-tint) !important" },
  ".cm-deletedChunk .cm-deletedText": { background: "color-mix(in oklch, var(--danger) 25%, transparent) !important" },
});

/**
 * CodeMirror in a shadow root: there it may bring its own style sheet, which the page's policy forbids outside.
 * @param host element @param {(text: string) => void} onChange
 */
export class CodeField {
  constructor(host, { label, onChange, phrases }) {
    const root = host.attachShadow({ mode: "open" });
    const place = document.createElement("div");
    place.style.height = "100%";
    root.append(place);
    this.language = new Compartment();
    this.compare = new Compartment();
    this.onChange = onChange;
    this.base = [
      EditorState.phrases.of(phrases ?? {}),
      lineNumbers(), foldGutter(), highlightSpecialChars(), history(), drawSelection(), indentOnInput(), syntaxHighlighting(colours), bracketMatching(), closeBrackets(),
      autocompletion(), rectangularSelection(), highlightActiveLine(), highlightSelectionMatches(), search({ top: true }), look,
      keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...completionKeymap, indentWithTab]),
      EditorView.contentAttributes.of({ "aria-label": label }),
      EditorView.updateListener.of(update => {
        if (update.docChanged && !this.isLoading) this.onChange(update.state.doc.toString());
      }),
    ];
    this.states = new Map();
    this.view = new EditorView({ root, parent: place });
  }

  /** Shows a file; each keeps its own history. */
  show(path, text) {
    if (this.path) this.states.set(this.path, this.view.state);
    this.path = path;
    const known = this.states.get(path);
    this.isLoading = true;
    this.view.setState(known?.doc.toString() === text ? known : this.stateOf(path, text));
    this.isLoading = false;
  }

  forget() {
    this.states.clear();
    this.path = null;
  }

  get text() {
    return this.view.state.doc.toString();
  }

  /** What is selected, else all. */
  get selection() {
    const { from, to } = this.view.state.selection.main;
    return from < to ? this.view.state.sliceDoc(from, to) : "";
  }

  /** Puts a text in the file's place, each difference to be taken or left. */
  propose(text) {
    const original = this.view.state.doc;
    this.view.dispatch({ effects: this.compare.reconfigure(unifiedMergeView({ original, mergeControls: false })), changes: { from: 0, to: original.length, insert: text } });
    return this.differences;
  }

  get differences() {
    return getChunks(this.view.state)?.chunks.length ?? 0;
  }

  /** Shows what has changed since an older text. */
  compareWith(original) {
    this.view.dispatch({ effects: this.compare.reconfigure(original === null ? [] : unifiedMergeView({ original, mergeControls: false })) });
  }

  take(all) {
    if (all) this.compareWith(null);
    else acceptChunk(this.view);
    if (this.differences === 0) this.compareWith(null);
  }

  leave(all) {
    do rejectChunk(this.view, getChunks(this.view.state)?.chunks[0]?.fromB); while (all && this.differences > 0);
    if (this.differences === 0) this.compareWith(null);
  }

  undo() { undo(this.view); }

  redo() { redo(this.view); }

  focus() { this.view.focus(); }

  stateOf(path, text) {
    const language = languages[path.split(".").pop().toLowerCase()];
    return EditorState.create({ doc: text, extensions: [this.base, this.language.of(language ? language() : []), this.compare.of([])] });
  }
}
