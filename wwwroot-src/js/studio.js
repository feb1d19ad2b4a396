import { applyReach } from "./reach.js";

/** The image studio's button says what the chosen number of pictures costs with the chosen engine. */
export function priceOfPictures(root) {
  const form = document.getElementById("make");
  if (!form || !(root === document.body || root.contains(form))) return;
  show(form);
}

document.addEventListener("change", ({ target }) => {
  if (target.form?.id === "make") show(target.form);
});

function show(form) {
  const count = form.querySelector("[name=count]:checked");
  const engine = form.querySelector("[name=engine]:checked");
  if (!count || !engine) return;
  const credits = Number(count.value) * Number(engine.dataset.creditsEach);
  const figure = new Intl.NumberFormat(document.documentElement.lang).format(credits);
  form.querySelector("[data-make-words]").textContent = count.dataset.words;
  form.querySelector("[data-make-price]").textContent = form.dataset.credits.replace("{0}", figure);
  form.querySelector("[data-min-credits]").dataset.minCredits = credits;
  form.querySelector("[data-short-of]").dataset.shortOf = credits;
  applyReach(Number(document.querySelector("[data-balance=available]")?.dataset.value));
}
