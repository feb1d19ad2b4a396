import { AurionError, connect } from "../aurion-tool.js";
import { $, $$, ask, number, say, word } from "./dom.js";

const patience = 12_000;
const page = document.documentElement;
const running = new Set();
let session;
let agreed = 0;

/** Opens the tool once Aurion has confirmed its session; until then, and when that fails, the page says what is the matter. */
export async function start(open) {
  if (parent === window) return show("outside");
  const late = setTimeout(() => show("silent"), patience);
  try {
    session = await connect(page.dataset.web, page.dataset.tool, ({ theme }) => { page.dataset.theme = theme; });
    clearTimeout(late);
    showCalls();
    await open(session);
    $("#state").hidden = true;
    $("#tool").hidden = false;
    dispatchEvent(new Event("aurion:open"));
    const left = session.expiresAt - Date.now();
    // Timers take at most 24.8 days; a clock that was moved may ask for more.
    if (left < 2 ** 31) setTimeout(() => show("expired"), Math.max(left, 0));
  } catch (error) {
    clearTimeout(late);
    console.error(error);
    show(error instanceof AurionError ? (error.status === 401 ? overOf(error) ?? "refused" : "unreachable") : "crashed");
  }
}

const overOf = ({ code }) => ({ SESSION_EXPIRED: "expired", SESSION_REFUNDED: "refunded" })[code];

/** One of the states that stand in the tool's place. */
export function show(state) {
  $("#tool").hidden = true;
  const place = $("#state");
  place.hidden = false;
  place.replaceChildren(document.getElementById(`state-${state}`).content.cloneNode(true));
  $("[data-reload]", place)?.addEventListener("click", () => location.reload());
  $("[data-leave]", place)?.addEventListener("click", () => session.ended());
}

/**
 * Asks the model, and the person before anything is paid beyond the launch. Resolves with the answer's text and run, or null when there
 * is none: then it was said why. An answer that the person stopped has the reason "stopped" and the text that had come by then.
 */
export async function call(options) {
  const id = crypto.randomUUID();
  running.add(id);
  showRunning();
  try {
    return await answer(id, options);
  } finally {
    running.delete(id);
    showRunning();
  }
}

async function answer(id, options) {
  let credits = agreed || undefined;
  for (;;) {
    try {
      const end = await session.call({ ...options, id, agreedCredits: credits });
      showCalls();
      if (end.refunded > 0) {
        show("refunded");
        return null;
      }
      if (end.reason === "stopped") say(end.credits > 0 ? word("stopped-paid", number(end.credits)) : word(end.state === "done" && !options.repairs ? "stopped-counted" : "stopped-free"));
      if (end.state === "done") return end;
      if (end.reason === "stopped") return null;
      say(`${word("no-answer")} ${word("uncharged")}`, "danger");
      return null;
    } catch (error) {
      if (error.code === "BUDGET_SPENT" && await mayPay(error.body)) {
        credits = error.body.price;
        continue;
      }
      if (error.code !== "BUDGET_SPENT") told(error);
      return null;
    }
  }
}

function showRunning() {
  const button = $("#halt");
  const hadFocus = document.activeElement === button;
  button.hidden = running.size === 0;
  if (hadFocus && button.hidden) ($("#said:not([hidden]) button") ?? $("#title")).focus();
}

/** Stops what the model is writing; a call that Aurion does not know yet is asked for again. */
async function stop(id) {
  while (running.has(id)) {
    try {
      return await session.act("stop", { runId: id });
    } catch (error) {
      if (error.code !== "RUN_NOT_FOUND") return told(error);
      await new Promise(resolve => setTimeout(resolve, 300));
    }
  }
}

$("#halt").addEventListener("click", () => {
  $("#halt").setAttribute("aria-disabled", "true");
  Promise.all([...running].map(stop)).finally(() => $("#halt").removeAttribute("aria-disabled"));
});

/** Tells why an action failed; true when it was because the session is over. */
export function told(error) {
  if (overOf(error)) show(overOf(error));
  else say(error.code === "UNREACHABLE" ? word("unreachable") : error.message, "danger");
}

async function mayPay({ price, available }) {
  const answer = await ask("budget", { price: word("credits", number(price)), available: word("credits", number(available)) });
  if (answer === "always") agreed = price;
  return answer === "pay" || answer === "always";
}

/** Shows how many calls are left. */
export function showCalls() {
  const { included, left, price } = session.calls;
  for (const meter of $$("[data-calls-meter]")) Object.assign(meter, { max: included, value: left });
  for (const place of $$("[data-calls]")) {
    place.textContent = left > 0 || !price ? word("calls-left", number(left), number(included)) : word("calls-price", number(price));
    place.dataset.state = left <= 3 ? "low" : "";
  }
}

$("#said button").addEventListener("click", () => { $("#said").hidden = true; });
