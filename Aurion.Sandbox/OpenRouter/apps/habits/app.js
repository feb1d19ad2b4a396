const days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const habits = ["Read ten pages", "Walk"].map(name => ({ name, done: days.map(() => false) }));

const longest = done => done.reduce(([best, now], is) => [Math.max(best, is ? now + 1 : 0), is ? now + 1 : 0], [0, 0])[0];
const cell = (...content) => {
  const made = document.createElement("td");
  made.append(...content);
  return made;
};

function row(habit) {
  const name = Object.assign(document.createElement("th"), { scope: "row", textContent: habit.name });
  const streak = cell(`${longest(habit.done)} in a row`);
  const boxes = days.map((day, i) => {
    const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: habit.done[i], ariaLabel: `${habit.name}, ${day}` });
    box.addEventListener("change", () => {
      habit.done[i] = box.checked;
      streak.textContent = `${longest(habit.done)} in a row`;
    });
    return cell(box);
  });
  const remove = Object.assign(document.createElement("button"), { type: "button", textContent: "Remove", ariaLabel: `Remove ${habit.name}` });
  remove.addEventListener("click", () => { habits.splice(habits.indexOf(habit), 1); show(); });
  const made = document.createElement("tr");
  made.append(name, ...boxes, streak, cell(remove));
  return made;
}

const show = () => document.getElementById("habits").replaceChildren(...habits.map(row));

document.getElementById("days").append(...[...days, "Longest", ""].map(text => Object.assign(document.createElement("th"), { scope: "col", textContent: text })));
document.getElementById("form").addEventListener("submit", event => {
  event.preventDefault();
  const name = document.getElementById("name");
  habits.push({ name: name.value.trim() || "Habit", done: days.map(() => false) });
  event.target.reset();
  name.focus();
  show();
});
show();
