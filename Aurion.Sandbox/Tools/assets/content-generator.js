import { h, copyButton, field, hash, number, select } from "./dom.js";

export const words = {
  en: { title: "Content Generator", kind: "What", product: "Product page", article: "Article plan", post: "Post", subject: "Subject", audience: "For whom", tone: "Tone",
    sober: "Sober", warm: "Warm", lively: "Lively", write: "Write", again: "Another version", result: "Text", copy: "Copy", copied: "Copied", words: "words", version: n => `Version ${n}`,
    sampleSubject: "a lamp that follows the sun", sampleAudience: "people who work at home",
    opening: { sober: ["{S}, for {a}.", "What {a} ask for: {s}."], warm: ["Dear {a}, meet {s}.", "{S}: made with {a} in mind."], lively: ["{S}! Yes, really.", "Wait until {a} see {s}."] },
    reasons: ["It does one thing, and does it well.", "Nothing to set up: it works from the first minute.", "What it costs is said before you pay.", "You can stop whenever you like.", "Help answers the same day, and it is a person."],
    closing: { sober: "Available now.", warm: "Take your time, and tell us what you think.", lively: "Go on, try it." },
    outline: ["Why {s} matters to {a}", "What people believe, and what is true", "Three ways to begin", "What it costs, in money and in time", "What to do on Monday"], why: "Why" },
  fr: { title: "Générateur de contenu", kind: "Quoi", product: "Page produit", article: "Plan d’article", post: "Publication", subject: "Sujet", audience: "Pour qui", tone: "Ton",
    sober: "Sobre", warm: "Chaleureux", lively: "Vif", write: "Écrire", again: "Autre version", result: "Texte", copy: "Copier", copied: "Copié", words: "mots", version: n => `Version ${n}`,
    sampleSubject: "une lampe qui suit le soleil", sampleAudience: "celles et ceux qui travaillent chez eux",
    opening: { sober: ["{S}, pour {a}.", "Ce que demandent {a} : {s}."], warm: ["Voici {s}, pour {a}.", "{S} : pensé avec {a}."], lively: ["{S} ! Oui, vraiment.", "Attendez que {a} voient {s}."] },
    reasons: ["Une seule chose, bien faite.", "Rien à régler : tout marche dès la première minute.", "Le prix est dit avant de payer.", "On s’arrête quand on veut.", "L’aide répond dans la journée, et c’est une personne."],
    closing: { sober: "Disponible dès maintenant.", warm: "Prenez votre temps, et dites-nous ce que vous en pensez.", lively: "Allez, essayez." },
    outline: ["Pourquoi {s} compte pour {a}", "Ce que l’on croit, et ce qui est vrai", "Trois façons de commencer", "Ce que cela coûte, en argent et en temps", "Que faire lundi"], why: "Pourquoi" },
};

/** The same wishes and version give the same text. */
export function write({ kind, subject, audience, tone }, version, t) {
  const seed = hash(`${kind}|${subject}|${audience}|${tone}`) + version;
  const fill = text => text.replaceAll("{s}", subject).replaceAll("{a}", audience).replaceAll("{S}", subject.charAt(0).toUpperCase() + subject.slice(1));
  const opening = fill(t.opening[tone][seed % t.opening[tone].length]);
  const reasons = [0, 1, 2].map(i => t.reasons[(seed + 2 * i) % t.reasons.length]);
  const closing = t.closing[tone];
  if (kind === "article") return [{ title: opening }, ...t.outline.map((line, i) => ({ title: `${i + 1}. ${fill(line)}`, text: t.reasons[(seed + i) % t.reasons.length] })), { text: closing }];
  if (kind === "post") return [{ text: `${opening} ${reasons[0]} ${closing} #${subject.split(/\s+/).pop().replace(/[^\p{L}\p{N}]/gu, "")}` }];
  return [{ title: opening }, { title: t.why, list: reasons }, { text: closing }];
}

export const plain = blocks => blocks.map(({ title, text, list }) => [title, text, list?.map(line => `- ${line}`).join("\n")].filter(Boolean).join("\n")).join("\n\n");

export function mount(root, { t, lang }) {
  const kind = select({ product: t.product, article: t.article, post: t.post });
  const subject = h("input", { type: "text", maxLength: 120, value: t.sampleSubject });
  const audience = h("input", { type: "text", maxLength: 120, value: t.sampleAudience });
  const tone = select({ sober: t.sober, warm: t.warm, lively: t.lively });
  const article = h("article.card.article", { "aria-label": t.result, "aria-live": "polite" });
  const note = h("p.quiet");
  let version = 0;
  let text = "";

  function draw(next) {
    version = next;
    const blocks = write({ kind: kind.value, subject: subject.value || t.sampleSubject, audience: audience.value || t.sampleAudience, tone: tone.value }, version, t);
    text = plain(blocks);
    article.replaceChildren(...blocks.flatMap(block => [
      block.title && h("h2", {}, block.title), block.text && h("p", {}, block.text), block.list && h("ul", {}, block.list.map(line => h("li", {}, line))),
    ].filter(Boolean)));
    note.textContent = `${t.version(version + 1)} · ${number(text.split(/\s+/).length, lang)} ${t.words}`;
  }

  root.append(
    h("header.bar", {}, h("h1", {}, t.title), copyButton(t.copy, t.copied, () => text)),
    h("div.desk", {},
      h("form.stack", { onsubmit: event => { event.preventDefault(); draw(0); } }, field(t.kind, kind), field(t.subject, subject), field(t.audience, audience), field(t.tone, tone),
        h("div.row", {}, h("button.btn", {}, t.write), h("button.btn.sec", { type: "button", onclick: () => draw(version + 1) }, t.again))),
      h("div.stack", {}, article, note)));
  draw(0);
}
