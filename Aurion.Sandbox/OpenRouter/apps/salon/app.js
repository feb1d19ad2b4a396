const services = { "Cut, 30 min": 30, "Colour, 90 min": 90, "Beard, 15 min": 15 };
const [opens, closes, step] = [9 * 60, 12 * 60, 15];
const bookings = [];
const [day, service, time, name] = ["day", "service", "time", "name"].map(id => document.getElementById(id));
const clock = minutes => `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
const ofDay = () => bookings.filter(booking => booking.day === day.value).sort((a, b) => a.from - b.from);

function free() {
  const length = services[service.value];
  const times = [];
  for (let from = opens; from + length <= closes; from += step)
    if (ofDay().every(booking => from + length <= booking.from || booking.to <= from)) times.push(from);
  return times;
}

function show() {
  const times = free();
  time.replaceChildren(...times.map(from => new Option(clock(from), from)));
  time.disabled = times.length === 0;
  const today = ofDay();
  document.getElementById("count").textContent = today.length === 1 ? "1 booking" : `${today.length} bookings`;
  document.getElementById("bookings").replaceChildren(...today.map(booking => {
    const item = Object.assign(document.createElement("li"), { textContent: `${clock(booking.from)}–${clock(booking.to)} ${booking.name}, ${booking.service} ` });
    const cancel = Object.assign(document.createElement("button"), { type: "button", textContent: "Cancel", ariaLabel: `Cancel ${booking.name}` });
    cancel.addEventListener("click", () => { bookings.splice(bookings.indexOf(booking), 1); show(); });
    item.append(cancel);
    return item;
  }));
}

service.replaceChildren(...Object.keys(services).map(text => new Option(text)));
day.value = new Date().toISOString().slice(0, 10);
for (const field of [day, service]) field.addEventListener("change", show);
document.getElementById("form").addEventListener("submit", event => {
  event.preventDefault();
  const from = Number(time.value);
  bookings.push({ day: day.value, from, to: from + services[service.value], service: service.value.split(",")[0], name: name.value.trim() });
  name.value = "";
  show();
});
show();
