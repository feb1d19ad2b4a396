/**
 * Lifts or sets what a balance allows. The server renders the same state; this follows the balance as it moves.
 *   data-min-credits="50"  a button or fieldset is enabled, a dialog about the lack is closed for good, from 50 credits on
 *   data-short-of="50"     shown below 50 credits; [data-missing] inside says how many are missing
 *   data-within="50"       shown from 50 credits on
 */
export function applyReach(available) {
  for (const element of document.querySelectorAll("[data-min-credits]")) {
    const enough = available >= Number(element.dataset.minCredits);
    if (element.localName !== "dialog") element.disabled = !enough;
    else if (enough) {
      element.close();
      element.remove();
    }
  }

  for (const element of document.querySelectorAll("[data-short-of]")) {
    const missing = Number(element.dataset.shortOf) - available;
    element.hidden = missing <= 0;
    for (const place of element.querySelectorAll("[data-missing]"))
      place.textContent = new Intl.NumberFormat(document.documentElement.lang).format(Math.max(missing, 0));
  }

  for (const element of document.querySelectorAll("[data-within]"))
    element.hidden = available < Number(element.dataset.within);
}
