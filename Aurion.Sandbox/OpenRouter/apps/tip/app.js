const field = id => document.getElementById(id);
const money = cents => (cents / 100).toFixed(2);

function split() {
  const bill = Math.round(field("bill").valueAsNumber * 100) || 0;
  const people = Math.max(1, Math.floor(field("people").valueAsNumber) || 1);
  const tip = Math.round(bill * (field("percent").valueAsNumber || 0) / 100);
  const total = bill + tip;
  const share = Math.floor(total / people);
  const more = total % people;
  field("tip").textContent = money(tip);
  field("total").textContent = money(total);
  field("shares").textContent = more === 0 ? money(share) : `${more} × ${money(share + 1)}, ${people - more} × ${money(share)}`;
}

field("form").addEventListener("input", split);
field("form").addEventListener("submit", event => event.preventDefault());
split();
