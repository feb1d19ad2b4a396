import { showToast } from "./toast.js";

/**
 * A request of htmx that fails is said: htmx itself swaps no such answer, and the button would seem dead. What was typed stays.
 * The sentences stand in #toasts, in the language of the page.
 */
export function sayFailures() {
  const words = document.getElementById("toasts")?.dataset;
  if (!words) return;
  for (const event of ["htmx:sendError", "htmx:timeout", "htmx:responseError"])
    document.addEventListener(event, ({ detail }) => say(words, detail));
}

function say(words, { xhr, requestConfig }) {
  // The answer brought its own sentence.
  if (xhr?.getResponseHeader("HX-Trigger")?.includes("aurion:toast")) return;

  const status = xhr?.status ?? 0;
  const seconds = Number(xhr?.getResponseHeader("Retry-After")) || 30;
  const sentence = status === 0 ? words.offline
    : status === 400 ? words.stale
    : status === 401 ? words.ended
    : status === 429 ? words.busy.replace("{0}", seconds)
    : status >= 500 ? words.away
    : words.failed;
  // Refused before anything was done, or perhaps done and the answer lost: then the form's operation makes the next press the same one.
  const pays = requestConfig?.elt.closest("form")?.elements.operationId;
  const charge = !pays ? "" : [400, 401, 429].includes(status) ? words.uncharged : words.once;
  const here = encodeURIComponent(location.pathname + location.search);

  for (const old of document.querySelectorAll(".toast[data-failure]")) old.remove();
  const toast = showToast({
    text: [sentence, charge].filter(Boolean).join(" "),
    tone: "danger",
    link: status === 401 ? { text: words.signIn, href: `/account/sign-in?returnUrl=${here}` } : status === 400 ? { text: words.reload, href: location.href } : null,
  });
  toast.dataset.failure = status;

  // htmx enables the pressed button again after this event; while it was disabled it lost the focus.
  const pressed = requestConfig?.triggeringEvent?.submitter;
  setTimeout(() => document.activeElement === document.body && pressed?.focus());
}
