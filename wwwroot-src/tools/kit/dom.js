export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

/** A word of the page, rendered by the server in the reader's language; {0}, {1} are filled in. */
export function word(name, ...values) {
  const text = document.getElementById("words").content.querySelector(`[data-word="${name}"]`)?.textContent ?? name;
  return text.replace(/\{(\d)\}/g, (_, n) => values[n]);
}

/** A copy of what a <template id> holds. */
export const copyOf = id => document.getElementById(id).content.firstElementChild.cloneNode(true);

export const number = value => new Intl.NumberFormat(document.documentElement.lang).format(value);

export const clock = date => new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }).format(date);

export const dayAndClock = date => new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" }).format(date);

export function later(milliseconds, act) {
  let timer;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(act, milliseconds, ...values);
  };
}

/** Says something beside the work, and to whoever does not see it. */
export function say(text, tone = "") {
  const place = $("#said");
  place.className = `said ${tone}`;
  $("[data-text]", place).textContent = text;
  place.hidden = false;
}

/** Asks by a <dialog>; resolves with the value of the button that closed it, "" for Escape. */
export function ask(id, fill = {}) {
  const dialog = document.getElementById(id);
  for (const [name, text] of Object.entries(fill)) $(`[data-fill="${name}"]`, dialog).textContent = text;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise(resolve => dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true }));
}

/** Hands a file to the browser's downloads. */
export function download(name, contentType, base64) {
  const bytes = Uint8Array.from(atob(base64), c => c.charCodeAt(0));
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(new Blob([bytes], { type: contentType })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
