import { CodeField } from "./kit/code.js";
import { $, $$, ask, clock, copyOf, number, say, word } from "./kit/dom.js";
import { apply, difference, isPath, shown } from "./kit/edits.js";
import { Preview } from "./kit/preview.js";
import { call, start, told } from "./kit/tool.js";
import { Work } from "./kit/work.js";

const isSite = document.documentElement.dataset.tool === "website-builder";
const language = () => document.documentElement.lang === "fr" ? "French" : "English";

let work;
let field;
let preview;
let files = [];
let thread = [];
let current = "";
let isAsking = false;
let faults = [];

// thread: {kind: "asked", text, at} | {kind: "plan", steps, isAgreed} | {kind: "built", version, summary, lines: [{path, added, removed}], run}
const read = () => ({ files, state: { thread, machine: files.length > 0, current } });

function write(content) {
  files = content?.files?.map(file => ({ ...file })) ?? [];
  thread = content?.state?.thread ?? [];
  faults = [];
  field.forget();
  field.compareWith(null);
  current = "";
  open(files.some(file => file.path === content?.state?.current) ? content.state.current : files[0]?.path ?? "");
  draw();
  if (files.length > 0) run();
  else preview.clear();
}

const name = () => thread.find(turn => turn.kind === "asked")?.text.split(/[.\n!?]/)[0].slice(0, 80) ?? "";
const fileOf = path => files.find(file => file.path === path);
const briefs = () => thread.filter(turn => turn.kind === "asked").map(turn => turn.text);

start(async session => {
  field = new CodeField($("#code"), { label: word("code"), onChange: text => { if (current) { fileOf(current).text = text; work.changed(); } } });
  preview = new Preview({ onFault: noteFault });
  work = new Work(session, { read, write, name });
  bind();
  await work.begin();
});

function bind() {
  $("#composer").addEventListener("submit", event => {
    event.preventDefault();
    const text = $("#brief").value.trim();
    if (!text || isAsking) return;
    plan(text);
  });
  $("#brief").addEventListener("keydown", event => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.form.requestSubmit();
  });
  for (const button of $$("[data-example]")) button.addEventListener("click", () => { $("#brief").value = button.dataset.example; $("#brief").focus(); });
  $("#reload").addEventListener("click", () => run());
  $("#zip").addEventListener("click", () => work.export("zip"));
  $("#publish").addEventListener("click", publish);
  for (const radio of $$("[name=device]")) radio.addEventListener("change", () => { $("#stage").dataset.device = radio.value; });
  $("#undo").addEventListener("click", () => field.undo());
  $("#redo").addEventListener("click", () => field.redo());
  $("#compare").addEventListener("change", compare);
  for (const radio of $$("[name=view]")) radio.addEventListener("change", () => radio.value === "code" && fillVersions());
  addEventListener("keydown", event => { if (event.altKey && event.key === "F10") $("#brief").focus(); });
}

const about = () => isSite
  ? "You build complete websites of static pages: index.html and further pages linked to each other by relative addresses, one shared style.css, and script.js only where it is needed."
  : "You build small web applications that really work: index.html, style.css and app.js, with state in memory and example data to begin with.";
const limits = "Plain HTML, CSS and JavaScript. No network, no external files or fonts, no storage, no cookies, no forms that leave the page: all of that is blocked. Accessible: labels, headings, keyboard, good contrast; usable from 320 px. Write real content about the person's subject, in the person's language; no placeholder text.";

async function plan(text) {
  thread = thread.filter(turn => turn.kind !== "plan" || turn.isAgreed);
  thread.push({ kind: "asked", text, at: clock(new Date()) });
  $("#brief").value = "";
  draw();
  working(word("planning"));
  const end = await call({
    purpose: "plan",
    messages: [
      { role: "system", content: `${about()} ${limits} First make a plan: 3 to 6 steps, each one short sentence that the person can correct, numbered, in the language of the request (else ${language()}). Answer with the numbered steps only.` },
      { role: "user", content: `${files.length > 0 ? `It exists already:\n${shown(files)}\n\nWhat was asked before:\n${briefs().slice(0, -1).join("\n")}\n\n` : ""}Request: ${text}` },
    ],
  });
  working("");
  const steps = end?.text.split("\n").map(line => /^\s*(?:\d+[.)]|[-*])\s+(.*\S)/.exec(line)?.[1].replace(/\*\*/g, "")).filter(Boolean).slice(0, 8);
  if (!end) {
    // Nothing was planned: the words go back where they can be sent again.
    thread.pop();
    $("#brief").value = text;
  } else thread.push({ kind: "plan", steps: steps.length > 0 ? steps : [text], isAgreed: false });
  draw();
  work.changed();
  $(".plan textarea")?.focus();
}

async function build(turn) {
  const steps = turn.steps.map(step => step.trim()).filter(Boolean);
  if (steps.length === 0 || isAsking) return;
  turn.steps = steps;
  turn.isAgreed = true;
  faults = [];
  draw();
  working(word("building"));
  const isFirst = files.length === 0;
  const forms = isFirst
    ? "Answer with each file whole, as <file path=\"index.html\"> … </file>, after one sentence that says what it does."
    : `Answer with one sentence that says what you changed, then the changes. ${blocks}`;
  const messages = [
    { role: "system", content: `${about()} ${limits} The plan is agreed: carry it out completely. ${forms}` },
    { role: "user", content: `${isFirst ? "" : `${shown(files)}\n\n`}Request: ${briefs().join("\n")}\nPlan:\n${steps.map((step, i) => `${i + 1}. ${step}`).join("\n")}` },
  ];
  const end = await call({ purpose: "build", messages, onText: text => working(word("writing", [...text.matchAll(/<file path="([^"]+)"|^([\w./-]+\.\w+)$/gm)].at(-1)?.slice(1).find(Boolean) ?? "…")) });
  if (!await take(end, messages)) turn.isAgreed = false;
  working("");
  draw();
}

const blocks = `Changes of an existing file as blocks, each under the file's name:
path
<<<<<<< SEARCH
lines exactly as they stand in the file
=======
lines that take their place
>>>>>>> REPLACE
New files whole, as <file path="name.ext"> … </file>.`;

/**
 * Puts an answer into the files. What does not fit or was cut is the tool's own mistake: it is asked for once more, for nothing. Of one
 * that the person stopped, what is whole is taken.
 */
async function take(end, messages) {
  if (!end) return false;
  const isStopped = end.reason === "stopped";
  let result = apply(files, end.text);
  if (result.faults.length > 0 && !isStopped) {
    working(word("mending"));
    const named = [...new Set(result.faults.map(fault => fault.path).filter(isPath))];
    const again = await call({
      purpose: "repair", repairs: end.runId,
      messages: [...messages, { role: "user", content: `A part of your answer could not be used (${result.faults.map(fault => `${fault.kind} ${fault.path}`).join(", ")}). Give ${named.length > 0 ? `these files whole: ${named.join(", ")}` : "every file that changes whole"}, as <file path="…"> … </file>.` }],
    });
    if (again) {
      const mended = apply(result.files, again.text);
      result = { files: mended.files, changed: [...new Set([...result.changed, ...mended.changed])], faults: mended.faults.filter(fault => fault.kind !== "none") };
    }
  }
  if (result.changed.length === 0) {
    if (!isStopped) say(word("no-fit"), "danger");
    return false;
  }
  if (result.faults.length > 0 && !isStopped) say(word("partly", result.faults.map(fault => fault.path).join(", ")), "danger");
  const lines = result.changed.map(path => ({ path, ...difference(fileOf(path)?.text, result.files.find(file => file.path === path).text) }));
  files = result.files;
  const summary = end.text.split(/<file |<{5,9} ?SEARCH/)[0].replace(/\n[\w./-]+\.\w+\s*$/, "").trim().slice(0, 400);
  const turn = { kind: "built", summary, lines, run: end.runId, version: 0 };
  thread.push(turn);
  turn.version = (work.version ?? 0) + 1;
  field.forget();
  open(files.some(file => file.path === current) ? current : files[0].path);
  work.isDirty = true;
  await run({ keep: true, note: summary.slice(0, 120) });
  turn.version = work.version;
  $("#v-preview").checked = true;
  return true;
}

function noteFault(fault) {
  if (faults.length >= 5 || faults.some(known => known.message === fault.message)) return;
  faults.push(fault);
  draw();
}

async function repair(turn) {
  if (isAsking) return;
  working(word("repairing"));
  const told = faults.map(({ message, file, line }) => `${message}${file ? `, ${file}` : ""}${line ? ` line ${line}` : ""}`).join("\n");
  faults = [];
  const messages = [
    { role: "system", content: `${about()} ${limits} The preview reported errors; find their cause and repair it. Answer with one sentence that says what was wrong, then the changes. ${blocks}` },
    { role: "user", content: `${shown(files)}\n\nErrors:\n${told}` },
  ];
  await take(await call({ purpose: "repair", repairs: turn.run, messages }), messages);
  working("");
  draw();
}

async function run(options) {
  try {
    const url = await work.preview(options);
    if (!url) return;
    // What the version before reported until now is no fault of this one.
    faults = [];
    $("#stage").hidden = false;
    $("#unbuilt").hidden = true;
    $("#address").textContent = new URL(url).host;
    $("#shown-version").textContent = word("version", work.version);
    preview.run(url);
  } catch (error) {
    told(error);
  }
}

async function publish() {
  await work.save();
  const isPublic = Boolean(work.published.url);
  if (isPublic) {
    const link = $("#publish-address");
    link.href = link.textContent = work.published.url;
  }
  $("#publish-now").hidden = isPublic && work.published.version === work.version;
  $("#publish-state").hidden = !isPublic;
  const answer = await ask("publish-dialog", { version: word("version", work.version), "public-version": word("version", work.published.version ?? 0) });
  if (!["publish", "unpublish"].includes(answer)) return;
  try {
    work.published = await work.session.act(answer, { workId: work.id });
    if (answer === "publish") publish();
    else say(word("closed"));
  } catch (error) {
    told(error);
  }
}

function open(path) {
  current = path;
  $("#file-name").textContent = path;
  $("#compare").value = "";
  if (path) field.show(path, fileOf(path).text);
  $("#files").replaceChildren(...files.map(({ path: other }) => {
    const item = copyOf("file");
    const button = $("button", item);
    button.textContent = other;
    if (other === path) button.setAttribute("aria-current", "true");
    button.addEventListener("click", () => { open(other); field.focus(); });
    return item;
  }));
}

async function fillVersions() {
  if (work.revision === 0) return;
  const { versions } = await work.session.act("versions", { workId: work.id });
  $("#compare").replaceChildren(new Option(word("compare-none"), ""), ...versions.map(({ version, note }) => new Option([word("version", version), note.slice(0, 40)].filter(Boolean).join(" · "), version)));
}

async function compare({ target }) {
  if (!target.value) return field.compareWith(null);
  const older = await work.session.act("load", { workId: work.id, version: Number(target.value) }).catch(told);
  if (older) field.compareWith(older.files.find(file => file.path === current)?.text ?? "");
}

function working(text) {
  isAsking = Boolean(text);
  $("#working").hidden = !text;
  $("#working [data-text]").textContent = text;
  for (const button of $$("#composer button, .plan button, .turns [data-repair]")) button.disabled = isAsking;
}

function draw() {
  const last = thread.findLast(turn => turn.kind === "built");
  $("#turns").replaceChildren(...thread.map(turn => {
    const item = copyOf(`turn-${turn.kind}`);
    if (turn.kind === "asked") {
      $("[data-text]", item).textContent = turn.text;
      $("[data-at]", item).textContent = turn.at;
    } else if (turn.kind === "plan") drawPlan(item, turn);
    else drawBuilt(item, turn, turn === last);
    return item;
  }));
  $("#blank").hidden = thread.length > 0;
  for (const button of $$("#zip, #publish, #reload")) button.disabled = files.length === 0;
  $("#unbuilt").hidden = files.length > 0;
  $("#stage").hidden = files.length === 0;
  $("#brief-label").textContent = word(files.length > 0 ? "change-label" : "brief-label");
  $("#turns").lastElementChild?.scrollIntoView({ block: "nearest" });
}

function drawPlan(item, turn) {
  const list = $("[data-steps]", item);
  list.replaceChildren(...turn.steps.map((step, i) => {
    const line = copyOf(turn.isAgreed ? "step-fixed" : "step");
    if (turn.isAgreed) line.textContent = step;
    else {
      const area = $("textarea", line);
      area.value = step;
      area.setAttribute("aria-label", word("step", number(i + 1)));
      area.addEventListener("input", () => { turn.steps[i] = area.value; work.changed(); });
      $("button", line).addEventListener("click", () => { turn.steps.splice(i, 1); work.changed(); draw(); });
    }
    return line;
  }));
  $("[data-open]", item).hidden = turn.isAgreed;
  $("[data-build]", item).addEventListener("click", () => build(turn));
  $("[data-add]", item).addEventListener("click", () => { turn.steps.push(""); draw(); $$(".plan textarea").at(-1)?.focus(); });
}

function drawBuilt(item, turn, isLast) {
  $("[data-title]", item).textContent = word("built", turn.version);
  $("[data-summary]", item).textContent = turn.summary;
  $("[data-lines]", item).replaceChildren(...turn.lines.map(({ path, added, removed }) => {
    const line = copyOf("line");
    $(".mono", line).textContent = path;
    $(".delta", line).textContent = [added ? `+${number(added)}` : "", removed ? `−${number(removed)}` : ""].filter(Boolean).join(" ");
    return line;
  }));
  item.querySelector("details").open = isLast;
  const notice = $("[data-faults]", item);
  notice.hidden = !isLast || faults.length === 0;
  if (notice.hidden) return;
  $("[data-fault]", notice).textContent = faults.map(({ message, file, line }) => `${message}${file ? `, ${file}` : ""}${line ? `:${line}` : ""}`).join(" · ");
  $("[data-repair]", notice).addEventListener("click", () => repair(turn));
}
