import htmx from "htmx.org/dist/htmx.esm.js";
import { applyReach } from "./reach.js";
import { announce } from "./toast.js";

const nearEnd = 80;
const renderEvery = 1000;
const followed = new WeakSet();

/**
 * <li data-answer="STREAM" data-offset="12" data-finished="FRAGMENT">: appends the text as it comes, as text, puts the server's
 * rendering in the place of each block that is whole, and that of the answer in its place at the end. The browser reopens a broken
 * stream by itself, where it was.
 */
export function followAnswers(root) {
  for (const place of [root, ...root.querySelectorAll("[data-answer]")]) {
    if (!place.dataset?.answer || followed.has(place)) continue;
    followed.add(place);
    follow(place);
  }
  finishBlocks(root);
}

function finishBlocks(root) {
  for (const button of root.querySelectorAll("[data-copy]")) button.hidden = false;
  if (root.querySelector(".code code[data-language]")) runOnDemand("highlight");
  if (root.querySelector(".math")) runOnDemand("math");
}

const loading = new Set();

// What colours code and sets formulas comes with the first of them, from where the page says.
function runOnDemand(name) {
  if (window.answers?.[name]) return window.answers[name]();
  const source = document.querySelector(`[data-${name}]`)?.dataset[name];
  if (!source || loading.has(name)) return;
  loading.add(name);
  document.head.append(Object.assign(document.createElement("script"), { src: source }));
}

function follow(place) {
  const stream = new EventSource(`${place.dataset.answer}?from=${place.dataset.offset}`);
  const text = place.querySelector("[data-text]");
  const blocks = blocksOf(place, text);
  stream.addEventListener("delta", ({ data }) => {
    keepEndInSight(() => text.append(JSON.parse(data).text));
    blocks.look();
  });
  blocks.look();
  stream.addEventListener("end", () => finish(stream, place));
  stream.onerror = () => stream.readyState === EventSource.CLOSED && finish(stream, place);
  addEventListener("pagehide", () => stream.close(), { once: true });
}

// The blocks of an answer as they become whole, rendered by the server; the text keeps what follows them.
function blocksOf(place, text) {
  const shown = place.querySelector("[data-blocks]");
  const plain = Number(place.dataset.offset) === text.textContent.length;
  let [start, known, waits] = [0, [], false];

  async function render() {
    const answer = await fetch(`${place.dataset.answer}/html?to=${start + text.textContent.length}`);
    if (!answer.ok || !place.isConnected) return;
    const { html, end } = await answer.json();
    const fresh = [...Object.assign(document.createElement("template"), { innerHTML: html }).content.children];
    const sources = fresh.map(block => block.outerHTML);
    const same = sources.findIndex((source, i) => source !== known[i]);
    if (end <= start || same < 0) return;
    keepEndInSight(() => {
      for (const old of [...shown.children].slice(same)) old.remove();
      shown.append(...fresh.slice(same));
      text.textContent = text.textContent.slice(end - start);
    });
    [start, known] = [end, sources];
    finishBlocks(shown);
  }

  return {
    look() {
      if (!plain || waits || !/\n\s*\n|```\s*\n/.test(text.textContent)) return;
      waits = true;
      setTimeout(() => render().catch(() => {}).finally(() => { waits = false; }), renderEvery);
    },
  };
}

async function finish(stream, place) {
  stream.close();
  if (!place.isConnected) return;
  const model = document.querySelector("#costs input:checked")?.value ?? "";
  const atEnd = endOfTalk() - scrollY < nearEnd;
  await htmx.ajax("GET", `${place.dataset.finished}?model=${encodeURIComponent(model)}`, { target: place, swap: "outerHTML" });
  reachOfBalance();
  if (atEnd) showEnd();
  announce(document.getElementById("stream")?.dataset.answerFinished);
}

// Whoever has scrolled up to read stays there.
function keepEndInSight(change) {
  const atEnd = endOfTalk() - scrollY < nearEnd;
  change();
  if (atEnd) showEnd();
}

// How far the page is scrolled when the composer stands under the last answer.
function endOfTalk() {
  return document.querySelector(".talk").getBoundingClientRect().bottom + scrollY - innerHeight;
}

const showEnd = () => scrollTo({ top: endOfTalk(), behavior: "instant" });

/** The composer: Enter sends, the button follows the chosen model, a sent message leaves the field. Copying, and menus that close. */
export function runChat() {
  if (document.querySelector(".talk .msg") && !location.hash) showEnd();

  document.addEventListener("keydown", event => {
    if (event.key === "Escape") closeMenus();
    const isMessage = event.target.matches?.(".composer textarea") && matchMedia("(hover: hover)").matches;
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !isMessage) return;
    event.preventDefault();
    const { form } = event.target;
    const send = form.querySelector("button:not([type=button], [formaction])");
    if (send && !send.disabled && event.target.value.trim()) form.requestSubmit(send);
  });

  document.addEventListener("click", event => {
    if (!event.target.closest(".drop")) closeMenus();
    const copy = event.target.closest("[data-copy]");
    if (copy) copyText(copy);
  });

  document.addEventListener("change", ({ target }) => {
    if (!target.dataset.price || !target.form) return;
    const { form } = target;
    form.querySelector("[data-send-price]").textContent = target.dataset.price;
    form.querySelector("[data-model-name]").textContent = target.dataset.name;
    form.querySelector("[data-min-credits]").dataset.minCredits = target.dataset.credits;
    form.querySelector("[data-short-of]").dataset.shortOf = target.dataset.credits;
    reachOfBalance();
    const attached = form.querySelector("#attachments[hx-post]");
    if (attached) htmx.trigger(attached, "reprice");
  });

  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.requestConfig.elt.id !== "composer" || detail.xhr.status !== 200) return;
    const field = detail.elt.querySelector("textarea");
    field.value = "";
    field.focus();
    showEnd();
  });
}

// What the server has just rendered, or the person has chosen, against the balance that is shown.
function reachOfBalance() {
  applyReach(Number(document.querySelector("[data-balance=available]")?.dataset.value));
}

function closeMenus() {
  for (const menu of document.querySelectorAll(".drop[open]")) {
    const hadFocus = menu.contains(document.activeElement);
    menu.open = false;
    if (hadFocus) menu.querySelector("summary").focus();
  }
}

async function copyText(button) {
  const source = button.dataset.copy ? document.getElementById(button.dataset.copy) : button.closest("figure").querySelector("code");
  const formulas = source.querySelectorAll("[data-tex]");
  // A formula is copied as its source; nothing is painted in between.
  const shown = [...formulas].map(formula => [...formula.childNodes]);
  for (const formula of formulas) formula.textContent = formula.dataset.tex;
  const text = source.innerText.trimEnd();
  formulas.forEach((formula, i) => formula.replaceChildren(...shown[i]));
  await navigator.clipboard.writeText(text);
  button.classList.add("done");
}
