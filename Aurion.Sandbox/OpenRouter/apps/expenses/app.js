const expenses = [];
const money = cents => (cents / 100).toFixed(2);
const lines = (id, texts) => document.getElementById(id).replaceChildren(...texts.map(text => Object.assign(document.createElement("li"), { textContent: text })));

// The largest debtor pays the largest creditor, until nobody owes anything.
function debts() {
  const total = expenses.reduce((sum, { cents }) => sum + cents, 0);
  const names = [...new Set(expenses.map(({ who }) => who))];
  const balance = names.map((name, i) => ({
    name,
    cents: expenses.filter(({ who }) => who === name).reduce((sum, { cents }) => sum + cents, 0) - Math.floor(total / names.length) - (i < total % names.length),
  }));
  const payments = [];
  for (;;) {
    balance.sort((a, b) => a.cents - b.cents);
    const [poorest, richest] = [balance[0], balance.at(-1)];
    if (!poorest || poorest.cents === 0) return { total, names, payments };
    const cents = Math.min(-poorest.cents, richest.cents);
    payments.push(`${poorest.name} pays ${richest.name} ${money(cents)}`);
    poorest.cents += cents;
    richest.cents -= cents;
  }
}

function show() {
  const { total, names, payments } = debts();
  document.getElementById("list").replaceChildren(...expenses.map(expense => {
    const item = Object.assign(document.createElement("li"), { textContent: `${expense.who}: ${expense.what}, ${money(expense.cents)} ` });
    const remove = Object.assign(document.createElement("button"), { type: "button", textContent: "Remove", ariaLabel: `Remove ${expense.what}` });
    remove.addEventListener("click", () => { expenses.splice(expenses.indexOf(expense), 1); show(); });
    item.append(remove);
    return item;
  }));
  document.getElementById("sum").textContent = names.length > 0 ? `${money(total)} in all, by ${names.length}` : "Nothing yet.";
  lines("debts", payments.length > 0 ? payments : ["Nobody owes anything."]);
}

document.getElementById("form").addEventListener("submit", event => {
  event.preventDefault();
  const [who, what, amount] = ["who", "what", "amount"].map(id => document.getElementById(id));
  expenses.push({ who: who.value.trim(), what: what.value.trim(), cents: Math.round(amount.valueAsNumber * 100) });
  event.target.reset();
  who.focus();
  show();
});
show();
