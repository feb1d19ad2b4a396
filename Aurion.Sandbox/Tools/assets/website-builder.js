import { h, choice, copyButton, escapeHtml, field, hash, preview, select } from "./dom.js";

export const words = {
  en: { title: "Website Builder", name: "Name", about: "What do you do, in one sentence?", tone: "Look", calm: "Calm", bold: "Bold", classic: "Classic", sections: "Sections",
    services: "Services", story: "Story", prices: "Prices", contact: "Contact", email: "E-mail", build: "Update the site", view: "Width", wide: "Desktop", phone: "Phone",
    copy: "Copy the site", copied: "Copied", site: "Your site", sampleName: "Atelier Lumen", sampleAbout: "We restore lamps from the thirties.",
    line: { services: ["Advice", "Made to measure", "Repair"], each: "For", story: "It began with one order and a promise to do it properly. Both still hold.",
      prices: [["Discovery", "$90"], ["Project", "$490"], ["Year", "$1,900"]], write: "Write to us" } },
  fr: { title: "Créateur de sites", name: "Nom", about: "Que faites-vous, en une phrase ?", tone: "Style", calm: "Calme", bold: "Affirmé", classic: "Classique", sections: "Sections",
    services: "Services", story: "Histoire", prices: "Tarifs", contact: "Contact", email: "E-mail", build: "Mettre le site à jour", view: "Largeur", wide: "Ordinateur", phone: "Téléphone",
    copy: "Copier le site", copied: "Copié", site: "Votre site", sampleName: "Atelier Lumen", sampleAbout: "Nous restaurons des lampes des années trente.",
    line: { services: ["Conseil", "Sur mesure", "Réparation"], each: "Pour", story: "Tout a commencé par une commande et la promesse de bien la faire. Les deux tiennent toujours.",
      prices: [["Découverte", "90 €"], ["Projet", "490 €"], ["Année", "1 900 €"]], write: "Écrivez-nous" } },
};

const looks = {
  calm: "--c: .06; --font: system-ui; --round: 16px; --weight: 600",
  bold: "--c: .19; --font: system-ui; --round: 0; --weight: 850",
  classic: "--c: .08; --font: Georgia, serif; --round: 4px; --weight: 500",
};

/** One complete page without any outside file. */
export function site({ name, about, look, sections, email }, t, lang) {
  const hue = hash(name) % 360;
  const part = {
    services: () => t.line.services.map(service => `<article><h3>${service}</h3><p>${t.line.each} ${escapeHtml(name)}.</p></article>`).join(""),
    story: () => `<p>${escapeHtml(about)} ${t.line.story}</p>`,
    prices: () => t.line.prices.map(([what, price]) => `<article><h3>${what}</h3><p class="price">${price}</p></article>`).join(""),
    contact: () => `<p><a class="button" href="mailto:${escapeHtml(email)}">${t.line.write}</a></p>`,
  };
  return `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(name)}</title>
<style>
  :root { ${looks[look]}; --accent: oklch(45% var(--c) ${hue}); --tint: oklch(96% calc(var(--c) / 5) ${hue}) }
  body { margin: 0; font: 1.05rem/1.6 var(--font); color: oklch(25% .02 ${hue}); background: white }
  header { background: var(--tint); padding: clamp(3rem, 10vw, 7rem) 1.5rem; text-align: center }
  nav { display: flex; gap: 1.25rem; justify-content: center; flex-wrap: wrap; padding: 1rem } nav a { color: var(--accent) }
  h1 { font-size: clamp(2.2rem, 7vw, 4rem); font-weight: var(--weight); line-height: 1.1; margin: 0 0 .5rem }
  h2 { font-weight: var(--weight) } section { max-width: 60rem; margin: auto; padding: 2.5rem 1.5rem }
  .grid { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)) }
  article { background: var(--tint); padding: 1.25rem; border-radius: var(--round) } .price { font-size: 1.5rem; font-weight: var(--weight) }
  .button { display: inline-block; padding: .8rem 1.4rem; background: var(--accent); color: white; border-radius: var(--round); text-decoration: none }
</style>
</head>
<body>
<header><h1>${escapeHtml(name)}</h1><p>${escapeHtml(about)}</p></header>
<nav>${sections.map(id => `<a href="#${id}">${t[id]}</a>`).join("")}</nav>
${sections.map(id => `<section id="${id}"><h2>${t[id]}</h2><div class="grid">${part[id]()}</div></section>`).join("\n")}
</body>
</html>
`;
}

export function mount(root, { t, lang }) {
  const name = h("input", { type: "text", maxLength: 60, value: t.sampleName });
  const about = h("textarea", { rows: "3", maxLength: 300 }, t.sampleAbout);
  const look = select({ calm: t.calm, bold: t.bold, classic: t.classic });
  const email = h("input", { type: "email", value: "hello@example.com" });
  const boxes = ["services", "story", "prices", "contact"].map(id => h("label.row", {}, h("input", { type: "checkbox", value: id, checked: true }), t[id]));
  const frame = h("iframe.preview.grow", { title: t.site });
  let html = "";

  async function update(event) {
    event?.preventDefault();
    const sections = boxes.map(box => box.firstChild).filter(box => box.checked).map(box => box.value);
    html = site({ name: name.value, about: about.value, look: look.value, sections, email: email.value }, t, lang);
    frame.src = await preview(html);
  }

  root.append(
    h("header.bar", {}, h("h1", {}, t.title), choice(t.view, { wide: t.wide, phone: t.phone }, "wide", width => frame.classList.toggle("phone", width === "phone")),
      copyButton(t.copy, t.copied, () => html)),
    h("div.desk", {},
      h("form.stack", { onsubmit: update }, field(t.name, name), field(t.about, about), field(t.tone, look), field(t.email, email),
        h("fieldset.stack", {}, h("legend.label", {}, t.sections), boxes), h("button.btn", {}, t.build)),
      h("div.fill", {}, frame)));
  update();
}
