// The session protocol: say ready, receive the session from exactly the web's origin, have the web confirm it, then open.
import { h } from "./dom.js";

const { tool, web } = document.documentElement.dataset;
const parameters = new URLSearchParams(location.search);
const root = document.getElementById("tool");
const patience = 10_000;

const sentences = {
  en: {
    waiting: ["Opening…", "Waiting for AURION to hand over your session."],
    checking: ["Opening…", "AURION is checking your session."],
    outside: ["Open this tool from AURION", "It needs a session, and AURION gives one when you launch the tool.", "Go to AURION"],
    stranger: ["This page may not open the tool", "Only AURION may show it. Nothing was loaded and nothing was charged."],
    silent: ["AURION did not answer", "No session arrived. Nothing more was charged.", "Try again"],
    refused: ["Session refused", "AURION did not recognise this session. Open the tool again from AURION; a live session is free.", "Try again"],
    expired: ["Session expired", "A session lasts 24 hours. Launch the tool again from AURION to go on."],
    unreachable: ["AURION cannot be reached", "Your session could not be checked. It is kept; nothing more was charged.", "Try again"],
    crashed: ["The tool stopped", "Something went wrong in the tool. Your session is kept: opening it again is free.", "Open again"],
  },
  fr: {
    waiting: ["Ouverture…", "En attente de votre session AURION."],
    checking: ["Ouverture…", "AURION vérifie votre session."],
    outside: ["Ouvrez cet outil depuis AURION", "Il lui faut une session, qu’AURION donne au lancement de l’outil.", "Aller sur AURION"],
    stranger: ["Cette page ne peut pas ouvrir l’outil", "Seul AURION peut l’afficher. Rien n’a été chargé ni débité."],
    silent: ["AURION n’a pas répondu", "Aucune session n’est arrivée. Rien de plus n’a été débité.", "Réessayer"],
    refused: ["Session refusée", "AURION n’a pas reconnu cette session. Rouvrez l’outil depuis AURION : une session en cours est gratuite.", "Réessayer"],
    expired: ["Session expirée", "Une session dure 24 heures. Relancez l’outil depuis AURION pour continuer."],
    unreachable: ["AURION est injoignable", "Votre session n’a pas pu être vérifiée. Elle est conservée ; rien de plus n’a été débité.", "Réessayer"],
    crashed: ["L’outil s’est arrêté", "Un problème est survenu dans l’outil. Votre session est conservée : le rouvrir est gratuit.", "Rouvrir"],
  },
};

let lang = navigator.language.startsWith("fr") ? "fr" : "en";
let begun = false;

function show(state) {
  const [title, text, action] = sentences[lang][state];
  const problem = !["waiting", "checking"].includes(state);
  root.dataset.state = state;
  root.replaceChildren(h("section.state.stack", { role: problem ? "alert" : "status" }, h("h1", {}, title), h("p", {}, text),
    !action ? null
      : state === "outside" ? h("a.btn", { href: `${web}/tools/${tool}` }, action)
        : h("button.btn", { type: "button", onclick: () => location.reload() }, action)));
}

async function begin(session) {
  begun = true;
  lang = session.lang === "fr" ? "fr" : "en";
  document.documentElement.lang = lang;
  if (["light", "dark"].includes(session.theme)) document.documentElement.dataset.theme = session.theme;
  show("checking");

  // ?refuse lets a test see what a forged token leads to.
  const sessionToken = parameters.has("refuse") ? `${session.sessionToken}x` : session.sessionToken;
  const answer = await fetch(`${web}/api/validate-tool-session`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ sessionToken, toolId: tool }),
  }).catch(() => null);
  const body = await answer?.json().catch(() => null);
  if (!answer || answer.status >= 500) return show("unreachable");
  if (!answer.ok || !body?.valid) return show(body?.code === "SESSION_EXPIRED" ? "expired" : "refused");
  await open(body);
}

async function open({ expiresAt, credits, plan }) {
  const { mount, words } = await import(`/assets/${tool}.js`);
  root.dataset.state = "open";
  root.replaceChildren();
  document.title = words[lang].title;
  mount(root, { t: words[lang], lang, credits, plan });
  const left = Date.parse(expiresAt) - Date.now();
  // Timers take at most 24.8 days; a clock that was moved forward in the sandbox may ask for more.
  if (left < 2 ** 31) setTimeout(() => show("expired"), Math.max(left, 0));
  if (parameters.has("crash")) throw new Error("crash asked for by the address");
}

addEventListener("error", () => show("crashed"));
addEventListener("unhandledrejection", () => show("crashed"));
addEventListener("message", ({ data, origin, source }) => {
  if (origin === web && source === parent && data?.type === "aurion:session" && data.toolId === tool && !begun) begin(data);
});

if (parent === window) {
  show("outside");
} else if (parameters.get("parent") !== web) {
  show("stranger");
} else {
  show("waiting");
  // ?silent is a tool that never reports: the web has to say so by itself.
  if (!parameters.has("silent")) parent.postMessage({ type: "aurion:ready" }, web);
  setTimeout(() => { if (!begun) show("silent"); }, patience);
}
