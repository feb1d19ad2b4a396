const most = 3;
const columns = [
  { name: "To do", cards: ["Order seeds", "Mend the gate"] },
  { name: "Doing", cards: ["Sow lettuce"] },
  { name: "Done", cards: [] },
];

function show(note = "") {
  document.getElementById("note").textContent = note;
  document.getElementById("columns").replaceChildren(...columns.map((column, at) => {
    const section = Object.assign(document.createElement("section"), { ariaLabel: column.name });
    const list = document.createElement("ul");
    list.append(...column.cards.map((card, i) => {
      const item = document.createElement("li");
      item.append(`${card} `, ...[-1, 1].filter(step => columns[at + step]).map(step => {
        const name = columns[at + step].name;
        const button = Object.assign(document.createElement("button"), { type: "button", textContent: step < 0 ? "←" : "→", ariaLabel: `Move ${card} to ${name}` });
        button.addEventListener("click", () => move(at, i, at + step));
        return button;
      }));
      return item;
    }));
    section.append(Object.assign(document.createElement("h2"), { textContent: `${column.name} (${column.cards.length})` }), list);
    return section;
  }));
}

function move(from, i, to) {
  if (columns[to].name === "Doing" && columns[to].cards.length >= most) return show(`At most ${most} cards are being done at a time.`);
  columns[to].cards.push(...columns[from].cards.splice(i, 1));
  show();
}

document.getElementById("form").addEventListener("submit", event => {
  event.preventDefault();
  columns[0].cards.push(document.getElementById("text").value.trim());
  event.target.reset();
  show();
});
show();
