import { h, copyButton, number } from "./dom.js";

export const words = {
  en: { title: "Text Editor", text: "Your text", bold: "Bold", italic: "Italic", heading: "Heading", list: "List", plain: "Plain", undo: "Undo",
    find: "Find", replace: "Replace with", all: "Replace all", copy: "Copy text", copied: "Copied", words: "words", characters: "characters",
    sentences: "sentences", minutes: "min to read", replaced: n => `${n} replaced`, sample: "Write here. The figures below follow every letter." },
  fr: { title: "Éditeur de texte", text: "Votre texte", bold: "Gras", italic: "Italique", heading: "Titre", list: "Liste", plain: "Normal", undo: "Annuler",
    find: "Chercher", replace: "Remplacer par", all: "Tout remplacer", copy: "Copier le texte", copied: "Copié", words: "mots", characters: "caractères",
    sentences: "phrases", minutes: "min de lecture", replaced: n => `${n} remplacé${n > 1 ? "s" : ""}`, sample: "Écrivez ici. Les chiffres ci-dessous suivent chaque lettre." },
};

const wordsPerMinute = 220;

export function figures(text) {
  const found = text.match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu) ?? [];
  return {
    words: found.length,
    characters: [...text.replace(/\n/g, "")].length,
    sentences: (text.match(/[^.!?…\n]+(?:[.!?…]+|\n|$)/g) ?? []).filter(sentence => /[\p{L}\p{N}]/u.test(sentence)).length,
    minutes: found.length === 0 ? 0 : Math.max(1, Math.round(found.length / wordsPerMinute)),
  };
}

export function mount(root, { t, lang }) {
  const paper = h("div.paper", { contenteditable: "true", role: "textbox", "aria-multiline": "true", "aria-label": t.text, lang, oninput: count },
    h("p", {}, t.sample));
  const shown = Object.fromEntries(["words", "characters", "sentences", "minutes"].map(name => [name, h("strong", { "data-figure": name }, "0")]));
  const command = (label, name, value) =>
    h("button.btn.sec.small", { type: "button", onmousedown: event => event.preventDefault(), onclick: () => { paper.focus(); document.execCommand(name, false, value); count(); } }, label);
  const wanted = h("input", { type: "text", placeholder: t.find, "aria-label": t.find });
  const instead = h("input", { type: "text", placeholder: t.replace, "aria-label": t.replace });
  const told = h("span.quiet", { role: "status" });

  function count() {
    for (const [name, value] of Object.entries(figures(paper.innerText))) shown[name].textContent = number(value, lang);
  }

  function replaceAll() {
    if (!wanted.value) return;
    let replaced = 0;
    const walker = document.createTreeWalker(paper, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const pieces = walker.currentNode.data.split(wanted.value);
      replaced += pieces.length - 1;
      walker.currentNode.data = pieces.join(instead.value);
    }
    told.textContent = t.replaced(replaced);
    count();
  }

  document.execCommand("defaultParagraphSeparator", false, "p");
  root.append(
    h("header.bar", {}, h("h1", {}, t.title), command(t.bold, "bold"), command(t.italic, "italic"), command(t.heading, "formatBlock", "h2"),
      command(t.list, "insertUnorderedList"), command(t.plain, "formatBlock", "p"), command(t.undo, "undo"), copyButton(t.copy, t.copied, () => paper.innerText)),
    h("div", {}, paper, h("div.row.wrap.replace", {}, wanted, instead, h("button.btn.sec", { type: "button", onclick: replaceAll }, t.all), told)),
    h("footer.figures", {}, Object.entries(shown).map(([name, value]) => h("span", {}, value, ` ${t[name]}`))));
  count();
}
