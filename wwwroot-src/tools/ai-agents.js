import { $, $$, clock, copyOf, dayAndClock, number, say, word } from "./kit/dom.js";
import { isPath } from "./kit/edits.js";
import { show, showCalls, start, told } from "./kit/tool.js";
import { closeOutside, Work } from "./kit/work.js";

const report = "document.md";
const moreCalls = 5;
const longestFile = 400_000;
const longestName = 80;
const [often, seldom] = [1_500, 15_000];
const endings = /\.(csv|tsv|txt|md|markdown|json|docx)$/i;

let work;
let session;
let files = [];
let agent = newAgent();
let run;
let runOf;
let looking;
let isEditing = false;
let isStarting = false;

// What stands in the piece of work; the agent itself is at work on Aurion's side, and tells in run how far it is.
function newAgent() {
  return { goal: "", steps: [], paid: 0, used: 0 };
}

const read = () => ({ files, state: { ...agent, machine: agent.steps.some(step => step.isDone) } });

function write(content) {
  files = content?.files.map(file => ({ ...file })) ?? [{ path: report, text: "" }];
  agent = { ...newAgent(), ...content?.state };
  isEditing = false;
  if (runOf !== work.id) {
    [run, runOf] = [work.revision > 0 ? undefined : null, work.id];
    if (agent.steps.length === 0 && matchMedia("(max-width: 900px)").matches) $("#v-chat").checked = true;
    look();
  }
  $("#goal").value = agent.goal;
  draw();
  drawDocument();
}

// opening (not known yet), goal, planning, planned, running, paused, asking (for more calls), stuck, stopped, done.
function status() {
  if (run === undefined) return "opening";
  const state = run?.state ?? (["planned", "stopped", "done"].includes(agent.status) ? agent.status : "paused");
  if (agent.steps.length > 0) return state;
  return state === "running" ? "planning" : state === "asking" ? "asking" : "goal";
}

const isBusy = () => run?.state === "running";

// The picture that the agent asks to have drawn.
const wanted = () => run?.state === "asking" && run.reason?.startsWith("picture") ? agent.at?.pictures?.[0] : undefined;

// The goal's first clause, cut between words.
function name() {
  const clause = agent.goal.split(/[.\n!?:;]/)[0].trim();
  const start = clause.slice(0, longestName + 1);
  return clause.length <= longestName ? clause : start.slice(0, start.lastIndexOf(",") > 30 ? start.lastIndexOf(",") : start.lastIndexOf(" ")).trim();
}

const added = () => files.filter(file => file.path !== report);
const documentText = () => files.find(file => file.path === report)?.text ?? "";

start(async given => {
  session = given;
  work = new Work(session, { read, write, name });
  bind();
  await work.begin();
});

function bind() {
  $("#composer").addEventListener("submit", event => {
    event.preventDefault();
    if (!$("#goal").value.trim() || isBusy()) return;
    Object.assign(agent, { goal: $("#goal").value.trim(), steps: [], at: undefined });
    begin();
  });
  $("#goal").addEventListener("input", () => { agent.goal = $("#goal").value; work.changed(); });
  $("#goal").addEventListener("keydown", event => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.form.requestSubmit();
  });
  for (const button of $$("[data-example]"))
    button.addEventListener("click", () => {
      const example = document.getElementById(button.dataset.example).content;
      const file = $("[data-path]", example);
      if (file) add(file.dataset.path, file.textContent.trim() + "\n");
      agent.goal = $("#goal").value = $("[data-goal]", example).textContent.trim();
      work.changed();
      draw();
      $("#goal").focus();
    });
  $("#attach").addEventListener("change", async ({ target }) => {
    for (const file of target.files) await attach(file);
    target.value = "";
  });
  $("#library").addEventListener("toggle", listLibrary);
  closeOutside($("#library"));
  $("#approve").addEventListener("click", goOn);
  $("#go-on").addEventListener("click", goOn);
  $("#add-step").addEventListener("click", () => {
    agent.steps.push({ text: "" });
    work.changed();
    drawSteps();
    $$("#steps textarea").at(-1)?.focus();
  });
  $("#pause").addEventListener("click", () => look("agent-pause"));
  $("#stop").addEventListener("click", stop);
  $("#raise").addEventListener("click", () => begin({ agreedCalls: moreCalls, agreedCredits: session.calls.price }));
  $("#finish").addEventListener("click", stop);
  $("#draw-it").addEventListener("click", () => begin({ pictureId: wanted()?.id, agreedCredits: Number(run.detail) }));
  $("#go-without").addEventListener("click", () => begin({ pictureId: wanted()?.id, agreedCredits: 0 }));
  $("#edit").addEventListener("click", () => {
    isEditing = !isEditing;
    drawDocument();
    if (isEditing) $("#text").focus();
  });
  $("#text").addEventListener("input", ({ target }) => {
    files.find(file => file.path === report).text = target.value;
    work.changed();
  });
  for (const button of $$("[data-export]")) button.addEventListener("click", () => work.export(button.dataset.export));
  document.addEventListener("visibilitychange", () => document.hidden || look());
  addEventListener("keydown", event => { if (event.altKey && event.key === "F10") ($("#goal").closest("[hidden]") ? $("#acts button:not([hidden])") : $("#goal"))?.focus(); });
}

// ---- files ----

async function attach(file) {
  if (!endings.test(file.name)) return say(word("file-kind"), "danger");
  if (file.size > longestFile * 3) return say(word("file-large"), "danger");
  try {
    const text = /\.docx$/i.test(file.name)
      ? (await session.act("import", { document: btoa(Array.from(new Uint8Array(await file.arrayBuffer()), byte => String.fromCharCode(byte)).join("")) })).text
      : await file.text();
    add(file.name.replace(/\.docx$/i, ".md"), text);
  } catch (error) {
    told(error);
  }
}

function add(path, text) {
  if (text.includes("\0")) return say(word("file-kind"), "danger");
  if (text.length > longestFile) return say(word("file-large"), "danger");
  const [, stem, ending] = /^(.*?)(\.\w+)?$/.exec(path.normalize("NFC").replace(/[^\p{L}\p{N}_.-]+/gu, "-").replace(/^[.-]+/, "").slice(-80));
  let free = `${stem || "file"}${ending ?? ".txt"}`;
  if (!isPath(free)) free = "file.txt";
  for (let n = 2; free.toLowerCase() === report || files.some(file => file.path.toLowerCase() === free.toLowerCase() && file.text !== text); n++) free = `${stem || "file"}-${n}${ending ?? ".txt"}`;
  if (!files.some(file => file.path === free)) files.push({ path: free, text });
  work.changed();
  drawFiles();
}

async function listLibrary() {
  if (!$("#library").open) return;
  const place = $("#library [data-list]");
  try {
    const { works } = await session.act("works", { all: true });
    const others = works.filter(each => each.id !== work.id);
    place.replaceChildren(...others.map(each => {
      const item = copyOf("entry");
      $("[data-title]", item).textContent = each.title;
      $("small", item).textContent = dayAndClock(new Date(each.updatedAt));
      item.addEventListener("click", () => { $("#library").open = false; take(each); });
      return item;
    }));
    if (others.length === 0) place.append(Object.assign(document.createElement("p"), { className: "group", textContent: word("nothing-yet") }));
  } catch (error) {
    told(error);
  }
}

async function take({ id, title }) {
  try {
    const other = await session.act("load", { workId: id });
    for (const file of other.files) add(other.files.length === 1 ? `${title}${/\.\w+$/.exec(file.path)?.[0] ?? ".txt"}` : `${title}-${file.path.replaceAll("/", "-")}`, file.text);
    $("#library summary").focus();
  } catch (error) {
    told(error);
  }
}

// ---- the agent's run ----

function goOn() {
  agent.steps = agent.steps.filter(step => step.text.trim());
  if (agent.steps.length > 0) begin();
  else draw();
}

/** Has the agent work on what stands here: it makes a plan where there is none. more: further calls that the person agrees to. */
async function begin(more = {}) {
  if (isStarting) return;
  isStarting = true;
  isEditing = false;
  drawDocument();
  $("#v-steps").checked = true;
  work.changed();
  if (await work.save()) await look("agent-start", { baseRevision: work.revision, ...more });
  isStarting = false;
  $("#pause:not([hidden])")?.focus();
}

async function stop() {
  await look("agent-stop");
  if (run?.state !== "stopped") return;
  agent.at = undefined;
  work.changed();
  await work.keep(word("kept-stopped"));
}

/** Shows how far the agent is, after an action where one is named; while it is at work, again and again. */
async function look(action = "agent", fields = {}) {
  clearTimeout(looking);
  const { id } = work;
  if (work.revision === 0) return;
  const before = status();
  try {
    const seen = await session.act(action, { workId: id, ...fields });
    if (work.id !== id) return;
    session.calls = seen.calls;
    showCalls();
    run = seen.state ? seen : null;
    if (seen.revision !== work.revision && !work.isDirty) await reload(id);
  } catch (error) {
    if (work.id !== id) return;
    if (error.status === 404) run = null;
    else if (action !== "agent" || error.status === 401) told(error);
    else tell(word("waiting"));
    if (error.status === 401) return;
    clearTimeout(looking);
    looking = setTimeout(look, seldom / 3);
    if (error.status !== 404) return;
  }
  draw();
  const now = status();
  if (before === "planning" && now === "planned") $("#steps textarea")?.focus();
  if (before === "planning" && now === "goal") {
    if (run?.reason) say(reason(), "danger");
    $("#goal").focus();
  }
  clearTimeout(looking);
  looking = isBusy() ? setTimeout(look, document.hidden ? seldom : often) : undefined;
}

async function reload(id) {
  const content = await session.act("load", { workId: id });
  if (work.id !== id || work.isDirty) return;
  Object.assign(work, { revision: content.revision, version: content.newestVersion });
  work.tell(word("saved", clock(new Date())));
  write(content);
}

const reason = () => run?.reason ? word(`reason-${run.reason}`, run.detail ?? "") : "";

// ---- what the person sees ----

const tell = text => { $("#status").textContent = text; };

function draw() {
  const { steps } = agent;
  const now = status();
  const busy = isBusy();
  const isOpen = ["goal", "planning", "planned"].includes(now) || (now === "asking" && steps.length === 0);
  $("#blank").hidden = now !== "goal" || agent.goal.trim() !== "";
  $("#composer").hidden = !isOpen;
  $("#asked").hidden = isOpen;
  $("#asked [data-goal]").textContent = agent.goal;
  $("#composer button").textContent = word(now === "planned" ? "plan-again" : "plan-first");
  for (const control of $$("#composer button, #goal, #approve, #attach, #edit")) control.disabled = busy;
  $("#title").readOnly = busy;
  for (const menu of $$("#versions, #library")) menu.hidden = busy;
  $("#no-plan").hidden = steps.length > 0;
  $("#no-plan [data-text]").textContent = now === "opening" ? "" : word(now === "planning" ? "planning" : "no-plan");
  $("#no-plan .bar-line").hidden = now !== "planning";
  $("#plan").hidden = steps.length === 0;
  $("#add-step").hidden = busy;
  $("#agree").hidden = now !== "planned";
  $("#approve").textContent = word("approve", number(about()));
  $("#pause").hidden = now !== "running";
  $("#stop").hidden = !["planning", "running", "paused", "stuck"].includes(now);
  $("#go-on").hidden = !["paused", "stopped"].includes(now) && !(now === "done" && steps.some(step => !step.isDone));
  $("#asking").hidden = now !== "asking" || Boolean(wanted());
  drawWanted();
  const price = session.calls.price ?? 0;
  $("#asking [data-question]").textContent = word("raise-question", number(moreCalls), number(moreCalls * price));
  $("#raise").textContent = word("raise", number(moreCalls * price));
  $("#why").hidden = !run?.reason || !["paused", "stuck"].includes(now);
  $("#why [data-text]").textContent = reason();
  $("#dot").hidden = !["asking", "stuck"].includes(now);
  tell(now === "opening" ? "" : now === "running" ? word("step-of", number(steps.findIndex(step => !step.isDone) + 1 || steps.length), number(steps.length)) : word(now === "planning" ? "planning" : `status-${wanted() ? "stuck" : now}`));
  drawFiles();
  drawSteps();
  drawBudget();
}

function drawWanted() {
  const picture = wanted();
  $("#ask-picture").hidden = !picture;
  if (!picture) return;
  const price = number(Number(run.detail));
  $("#ask-picture [data-question]").textContent = word("picture-question", price);
  $("#ask-picture [data-prompt]").textContent = picture.prompt;
  $("#ask-picture [data-why]").textContent = reason();
  $("#draw-it").textContent = word("draw-it", price);
}

// Two calls a step: one that looks and one that finishes.
const about = () => agent.steps.filter(step => !step.isDone).length * 2;

function drawBudget() {
  const { included, left, price } = session.calls;
  $("#budget-used").textContent = word("used-of", number(included - Math.max(0, left)), number(included));
  Object.assign($("#budget-meter"), { max: included, value: included - Math.max(0, left) });
  $("#budget-coming").textContent = word("about", number(about()));
  $("#budget-agreed").textContent = run?.extraCalls > 0 ? word("calls", number(run.extraCalls)) : word("none");
  $("#budget-paid").textContent = word("credits", number(agent.paid));
  $("#budget-price").textContent = price ? word("credits", number(price)) : "–";
}

function drawFiles() {
  $("#files").replaceChildren(...added().map(({ path, text }) => {
    const item = copyOf("file");
    $("[data-path]", item).textContent = path;
    $("small", item).textContent = word("characters", number(text.length));
    const button = $("button", item);
    button.disabled = isBusy();
    button.setAttribute("aria-label", word("remove-file", path));
    button.addEventListener("click", () => {
      files = files.filter(file => file.path !== path);
      work.changed();
      drawFiles();
    });
    return item;
  }));
  $("#files").hidden = added().length === 0;
}

const opened = new WeakSet();

function drawSteps() {
  const typing = document.activeElement.matches("#steps textarea") ? { step: [...$("#steps").children].indexOf(document.activeElement.closest("li")), from: document.activeElement.selectionStart } : null;
  const current = agent.steps.findIndex(step => !step.isDone);
  const [now, busy] = [status(), isBusy()];
  $("#steps").replaceChildren(...agent.steps.map((step, i) => {
    const item = copyOf(step.isDone ? "step-done" : i === current && now === "running" ? "step-now" : "step-open");
    $(".bead [data-n]", item)?.replaceChildren(number(i + 1));
    if (i === current && now === "stuck") item.classList.add("ask");
    const area = $("textarea", item);
    if (area) {
      area.value = step.text;
      area.readOnly = busy;
      area.setAttribute("aria-label", word("step", number(i + 1)));
      area.addEventListener("input", () => { step.text = area.value; work.changed(); });
      const remove = $("[data-remove]", item);
      remove.hidden = busy;
      remove.setAttribute("aria-label", word("remove-step", number(i + 1)));
      remove.addEventListener("click", () => {
        agent.steps.splice(i, 1);
        work.changed();
        draw();
        ($$("#steps textarea")[i] ?? $("#add-step")).focus();
      });
      const isStuck = i === current && now === "stuck";
      $("[data-stuck]", item).hidden = !isStuck;
      $("[data-why]", item).textContent = isStuck ? reason() : "";
      $("[data-retry]", item).addEventListener("click", goOn);
      $("[data-leave]", item).addEventListener("click", () => { Object.assign(step, { isDone: true, outcome: word("left-out") }); goOn(); });
    } else {
      $("h3", item).prepend(step.text);
      const outcome = $("[data-outcome]", item);
      if (outcome) outcome.textContent = step.outcome;
    }
    const log = $("details", item);
    log.hidden = !step.log?.length;
    log.open = opened.has(step);
    log.addEventListener("toggle", () => opened[log.open ? "add" : "delete"](step));
    if (step.log) $("ol", log).replaceChildren(...step.log.map(entry => {
      const line = copyOf("log");
      $("[data-call]", line).textContent = `${entry.name} ${entry.given}`;
      $("[data-result]", line).textContent = entry.result;
      return line;
    }));
    return item;
  }));
  const area = typing && $("textarea", $("#steps").children[typing.step] ?? $("#blank"));
  if (!area) return;
  area.focus();
  area.setSelectionRange(typing.from, typing.from);
}

async function drawDocument() {
  const text = documentText();
  $("#no-document").hidden = text.trim() !== "" || isEditing;
  $("#text").hidden = !isEditing;
  $("#shown").hidden = isEditing || text.trim() === "";
  $("#edit").setAttribute("aria-pressed", String(isEditing));
  for (const button of $$("[data-export]")) button.disabled = text.trim() === "";
  if (isEditing) $("#text").value = text;
  else if (text.trim()) {
    try {
      const { html } = await session.act("render", { text });
      if (text === documentText()) $("#shown").replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
      $("#document-at").textContent = word("as-of", clock(new Date()));
    } catch (error) {
      told(error);
    }
  }
}
