const [minutes, seconds, go, clock, note] = ["minutes", "seconds", "go", "clock", "note"].map(id => document.getElementById(id));
const wanted = () => ((minutes.valueAsNumber || 0) * 60 + (seconds.valueAsNumber || 0)) * 1000;
let left = wanted();
let end = null;

function show() {
  if (end !== null) left = Math.max(0, end - Date.now());
  const whole = Math.ceil(left / 1000);
  clock.textContent = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  if (end === null || left > 0) return;
  end = null;
  go.textContent = "Start";
  note.textContent = "Time is up.";
}

function reset() {
  [left, end] = [wanted(), null];
  go.textContent = "Start";
  note.textContent = "";
  show();
}

document.getElementById("form").addEventListener("submit", event => {
  event.preventDefault();
  if (end !== null) {
    show();
    end = null;
  } else {
    if (left === 0) reset();
    if (left === 0) return;
    end = Date.now() + left;
  }
  go.textContent = end === null ? "Go on" : "Pause";
});
document.getElementById("form").addEventListener("input", reset);
document.getElementById("reset").addEventListener("click", reset);
setInterval(show, 200);
show();
