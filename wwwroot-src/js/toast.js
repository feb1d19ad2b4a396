const lifetime = 8_000;

/** Says it to a screen reader, without showing it. */
export function announce(words) {
  const place = document.getElementById("announcer");
  if (place && words) place.textContent = words;
}

/** Toasts come with the page (TempData) or with an answer's header HX-Trigger: {"aurion:toast":{"text","tone"}}. */
export function showToasts() {
  const region = document.getElementById("toasts");
  if (!region) return;

  document.addEventListener("aurion:toast", ({ detail }) => showToast(detail));
  region.addEventListener("click", ({ target }) => target.closest("button")?.closest(".toast").remove());
  region.querySelectorAll(".toast").forEach(fade);
}

/** Shows a sentence in the live region, with a link where there is a way on. */
export function showToast({ text, tone, link }) {
  const region = document.getElementById("toasts");
  const toast = region.querySelector("template").content.firstElementChild.cloneNode(true);
  toast.classList.add(...[tone].filter(Boolean));
  const place = toast.querySelector("[data-text]");
  place.textContent = text;
  if (link) place.append(" ", Object.assign(document.createElement("a"), { href: link.href, textContent: link.text }));
  region.append(toast);
  fade(toast);
  return toast;
}

// A failure stays until it is dismissed; the rest leaves by itself, unless one is reading it.
function fade(toast) {
  if (toast.classList.contains("danger")) return;
  setTimeout(() => (toast.matches(":hover, :focus-within") ? fade(toast) : toast.remove()), lifetime);
}
