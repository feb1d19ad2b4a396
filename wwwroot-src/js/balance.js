import { applyReach } from "./reach.js";
import { announce } from "./toast.js";

const pollEvery = 5_000;
const retryStreamAfter = 60_000;

/**
 * Keeps every shown balance true while the page is visible: one stream at <body data-live>, polling where the stream
 * does not come through. Says `aurion:balance` on <body> after each change, so that htmx can trigger on it.
 */
export function watchBalance() {
  const address = document.body.dataset.live;
  if (!address) return;

  let stream, poll, retry;
  let known = document.querySelector("[data-balance=available]")?.dataset.value;
  let plan;

  const show = balance => {
    const changed = String(balance.available) !== known;
    known = String(balance.available);
    paint(balance, changed);
    applyReach(balance.available);
    if (plan !== undefined && plan !== balance.plan) document.body.dispatchEvent(new CustomEvent("aurion:plan"));
    plan = balance.plan;
    if (changed) {
      announce(document.body.dataset.announce?.replace("{0}", format(balance.available)));
      document.body.dispatchEvent(new CustomEvent("aurion:balance", { detail: balance, bubbles: true }));
    }
  };

  const ask = async () => {
    const answer = await fetch(`${address}/balance`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.ok) show(await answer.json());
    else if (answer?.status === 401) stop();
  };

  const start = () => {
    stop();
    stream = new EventSource(address);
    stream.addEventListener("balance", event => {
      clearInterval(poll);
      show(JSON.parse(event.data));
    });
    stream.onerror = () => {
      // A stream that the browser reopens by itself needs nothing but patience.
      if (stream.readyState !== EventSource.CLOSED) return;
      clearInterval(poll);
      poll = setInterval(ask, pollEvery);
      retry = setTimeout(start, retryStreamAfter);
      ask();
    };
  };

  const stop = () => {
    stream?.close();
    clearInterval(poll);
    clearTimeout(retry);
  };

  const follow = () => (document.visibilityState === "visible" ? start() : stop());
  document.addEventListener("visibilitychange", follow);
  addEventListener("pagehide", stop);
  addEventListener("pageshow", event => event.persisted && follow());
  follow();
}

const format = number => new Intl.NumberFormat(document.documentElement.lang).format(number);

function paint(balance, changed) {
  for (const place of document.querySelectorAll("[data-balance]")) {
    const value = balance[place.dataset.balance || "available"];
    if (value === undefined) continue;
    place.textContent = place.localName === "output" || typeof value === "number" ? format(value) : value;
    place.dataset.value = value;
    if (!changed) continue;
    place.classList.remove("changed");
    requestAnimationFrame(() => place.classList.add("changed"));
  }

  for (const place of document.querySelectorAll("[data-balance-state]")) place.dataset.state = balance.state;

  for (const meter of document.querySelectorAll("meter[data-balance-meter]")) {
    meter.max = Math.max(balance.capacity, 1);
    meter.value = balance.available;
    meter.dataset.state = balance.state;
  }
}
