const pile = [["la lanterne", "lantern"], ["le grenier", "attic"], ["la marée", "tide"]];
const [left, word, meaning, turn, known, again] = ["left", "word", "meaning", "turn", "known", "again"].map(id => document.getElementById(id));
let learnt = 0;

function show() {
  const card = pile[0];
  left.textContent = `${pile.length} left, ${learnt} known`;
  word.textContent = card?.[0] ?? "All known.";
  meaning.textContent = card?.[1] ?? "";
  meaning.hidden = known.hidden = again.hidden = true;
  turn.hidden = !card;
}

turn.addEventListener("click", () => {
  meaning.hidden = known.hidden = again.hidden = false;
  turn.hidden = true;
  known.focus();
});
known.addEventListener("click", () => { pile.shift(); learnt++; show(); });
again.addEventListener("click", () => { pile.push(pile.shift()); show(); });
document.getElementById("form").addEventListener("submit", event => {
  event.preventDefault();
  pile.push(["new-word", "new-meaning"].map(id => document.getElementById(id).value.trim()));
  event.target.reset();
  show();
});
show();
