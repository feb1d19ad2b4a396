// Each unit: its kind, and how it becomes the kind's base and comes back from it.
const times = (kind, factor) => ({ kind, toBase: value => value * factor, fromBase: value => value / factor });
const units = {
  kilometres: times("length", 1000),
  metres: times("length", 1),
  miles: times("length", 1609.344),
  feet: times("length", 0.3048),
  kilograms: times("mass", 1),
  pounds: times("mass", 0.45359237),
  "°C": times("temperature", 1),
  "°F": { kind: "temperature", toBase: value => (value - 32) / 1.8, fromBase: value => value * 1.8 + 32 },
};
const [amount, from, to, result] = ["amount", "from", "to", "result"].map(id => document.getElementById(id));

function offer() {
  const kind = units[from.value].kind;
  const others = Object.keys(units).filter(name => units[name].kind === kind && name !== from.value);
  const wanted = others.includes(to.value) ? to.value : others.at(-1);
  to.replaceChildren(...others.map(name => new Option(name)));
  to.value = wanted;
}

function convert() {
  const value = units[to.value].fromBase(units[from.value].toBase(amount.valueAsNumber));
  result.textContent = Number.isNaN(value) ? "Enter a number." : `${amount.value} ${from.value} = ${Number(value.toPrecision(6))} ${to.value}`;
}

from.replaceChildren(...Object.keys(units).map(name => new Option(name)));
from.addEventListener("change", () => { offer(); convert(); });
to.addEventListener("change", convert);
amount.addEventListener("input", convert);
document.getElementById("swap").addEventListener("click", () => {
  const before = from.value;
  from.value = to.value;
  offer();
  to.value = before;
  convert();
});

offer();
to.value = "miles";
convert();
