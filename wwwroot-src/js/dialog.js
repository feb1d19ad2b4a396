// The first of these that is there, in this order and not in the page's.
const nextBest = ["[data-focus-after-dialog]:not(:disabled, [hidden])", "main h1", "main"];

let lastFocused;

// htmx disables the pressed button during its request, and a disabled button loses focus: remember it before.
document.addEventListener("focusin", ({ target }) => {
  if (!target.closest("dialog")) lastFocused = target;
});

// A button that sends a form opens the dialog instead, as long as the dialog is there.
document.addEventListener("click", event => {
  const opener = event.target.closest?.("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (!dialog) return;
  event.preventDefault();
  openModal(dialog);
});

/** <dialog open>: rendered open by the server, made modal here; when it closes, focus goes back where it was. */
export function openDialogs(root) {
  const inside = root.querySelectorAll("dialog[open]");
  for (const dialog of root.matches?.("dialog[open]") ? [root, ...inside] : inside) openModal(dialog);
}

function openModal(dialog) {
  if (dialog.matches(":modal")) return;
  const origin = lastFocused;
  dialog.removeAttribute("open");
  dialog.showModal();
  dialog.addEventListener("close", () => returnFocus(origin), { once: true });
}

function returnFocus(origin) {
  // Escape has closed the menu that the button stands in, too.
  origin = origin?.closest?.("details:not([open])")?.querySelector("summary") ?? origin;
  const usable = origin?.isConnected && !origin.disabled && origin !== document.body;
  const place = usable ? origin : nextBest.map(selector => document.querySelector(selector)).find(Boolean);
  if (!place) return;
  if (!usable) place.setAttribute("tabindex", "-1");
  place.focus({ preventScroll: !usable });
}
