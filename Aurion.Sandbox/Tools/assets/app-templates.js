// Single-file applications. Each is {match, body, script}; the words come with the language.
const list = {
  match: /.^/,
  en: { add: "Add", placeholder: "What is to be done?", left: "left", empty: "Nothing yet." },
  fr: { add: "Ajouter", placeholder: "Que faut-il faire ?", left: "à faire", empty: "Rien pour l’instant." },
  body: w => `<form id="f"><input id="i" placeholder="${w.placeholder}" aria-label="${w.placeholder}" required><button>${w.add}</button></form><ul id="l"></ul><p id="c"></p>`,
  script: w => `
    const items = [], draw = () => {
      l.replaceChildren(...items.map((item, n) => { const li = document.createElement("li"), label = document.createElement("label"), box = document.createElement("input");
        box.type = "checkbox"; box.checked = item.done; box.onchange = () => { item.done = box.checked; draw() };
        label.append(box, " " + item.text); if (item.done) label.style.textDecoration = "line-through";
        const x = document.createElement("button"); x.textContent = "×"; x.setAttribute("aria-label", "× " + item.text); x.onclick = () => { items.splice(n, 1); draw() };
        li.append(label, x); return li }));
      c.textContent = items.length ? items.filter(item => !item.done).length + " ${w.left}" : ${JSON.stringify(w.empty)} };
    f.onsubmit = e => { e.preventDefault(); items.push({ text: i.value, done: false }); i.value = ""; draw() }; draw();`,
};

const timer = {
  match: /timer|countdown|pomodoro|chrono|minut|compte à rebours/i,
  en: { start: "Start", pause: "Pause", reset: "Reset", minutes: "Minutes", over: "Time is up." },
  fr: { start: "Démarrer", pause: "Pause", reset: "Remettre", minutes: "Minutes", over: "C’est terminé." },
  body: w => `<label>${w.minutes} <input id="m" type="number" min="1" max="180" value="{{minutes}}"></label><output id="o"></output><div><button id="s">${w.start}</button> <button id="r">${w.reset}</button></div><p id="p" role="status"></p>`,
  script: w => `
    let left, tick; const draw = () => o.textContent = String(Math.floor(left / 60)).padStart(2, "0") + ":" + String(left % 60).padStart(2, "0");
    const stop = () => { clearInterval(tick); tick = 0; s.textContent = ${JSON.stringify(w.start)} };
    const reset = () => { stop(); left = m.value * 60; p.textContent = ""; draw() };
    s.onclick = () => { if (tick) return stop(); s.textContent = ${JSON.stringify(w.pause)}; tick = setInterval(() => { draw(--left); if (left <= 0) { stop(); p.textContent = ${JSON.stringify(w.over)} } }, 1000) };
    r.onclick = m.onchange = reset; reset();`,
};

const budget = {
  match: /budget|expense|spend|money|invoice|dépense|argent|facture/i,
  en: { what: "What", amount: "Amount", add: "Add", total: "Total" },
  fr: { what: "Quoi", amount: "Montant", add: "Ajouter", total: "Total" },
  body: w => `<form id="f"><input id="i" placeholder="${w.what}" aria-label="${w.what}" required><input id="a" type="number" step="0.01" placeholder="${w.amount}" aria-label="${w.amount}" required><button>${w.add}</button></form><table><tbody id="l"></tbody><tfoot><tr><th>${w.total}</th><th id="t"></th></tr></tfoot></table>`,
  script: () => `
    let cents = 0; const show = c => (c / 100).toLocaleString(document.documentElement.lang, { minimumFractionDigits: 2 }), draw = () => t.textContent = show(cents);
    f.onsubmit = e => { e.preventDefault(); const c = Math.round(a.value * 100), row = l.insertRow(); cents += c;
      row.insertCell().textContent = i.value; row.insertCell().textContent = show(c); f.reset(); i.focus(); draw() }; draw();`,
};

const quiz = {
  match: /quiz|questionnaire|flashcard|trivia|test/i,
  en: { check: "Check", score: "Score", questions: [["How many credits does a free account have each month?", "100"], ["7 × 8", "56"], ["The capital of France", "Paris"]] },
  fr: { check: "Vérifier", score: "Score", questions: [["Combien de crédits par mois avec un compte gratuit ?", "100"], ["7 × 8", "56"], ["La capitale de la France", "Paris"]] },
  body: w => `<form id="f"><div id="q"></div><button>${w.check}</button></form><p id="p" role="status"></p>`,
  script: w => `
    const questions = ${JSON.stringify(w.questions)};
    q.append(...questions.map(([text]) => { const label = document.createElement("label"); label.append(text, document.createElement("input")); return label }));
    f.onsubmit = e => { e.preventDefault(); let right = 0; [...q.querySelectorAll("input")].forEach((input, n) => { const ok = input.value.trim().toLowerCase() === questions[n][1].toLowerCase();
      right += ok; input.style.borderColor = ok ? "green" : "crimson" }); p.textContent = ${JSON.stringify(w.score)} + ": " + right + " / " + questions.length };`,
};

const notes = {
  match: /note|journal|diary|memo|carnet|mémo/i,
  en: { write: "Write a note", save: "Save", search: "Search" },
  fr: { write: "Écrire une note", save: "Garder", search: "Chercher" },
  body: w => `<form id="f"><textarea id="i" rows="3" placeholder="${w.write}" aria-label="${w.write}" required></textarea><button>${w.save}</button></form><input id="s" type="search" placeholder="${w.search}" aria-label="${w.search}"><ul id="l"></ul>`,
  script: () => `
    const notes = [], draw = () => l.replaceChildren(...notes.filter(n => n.toLowerCase().includes(s.value.toLowerCase())).map(n => { const li = document.createElement("li"); li.textContent = n; return li }));
    f.onsubmit = e => { e.preventDefault(); notes.unshift(i.value); i.value = ""; draw() }; s.oninput = draw;`,
};

export const kinds = { timer, budget, quiz, notes, list };
