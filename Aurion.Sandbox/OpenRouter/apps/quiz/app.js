const questions = [
  { ask: "What is the capital of Slovenia?", right: "Ljubljana", wrong: ["Bratislava", "Zagreb"] },
  { ask: "What is the capital of Latvia?", right: "Riga", wrong: ["Vilnius", "Tallinn"] },
  { ask: "What is the capital of Portugal?", right: "Lisbon", wrong: ["Porto", "Madrid"] },
];
const [count, question, answers, verdict, next] = ["count", "question", "answers", "verdict", "next"].map(id => document.getElementById(id));
let [at, score] = [0, 0];

function show() {
  const isOver = at === questions.length;
  count.textContent = isOver ? "" : `Question ${at + 1} of ${questions.length}`;
  question.textContent = isOver ? `You have ${score} of ${questions.length}.` : questions[at].ask;
  next.textContent = isOver ? "Play again" : "Next";
  next.hidden = !isOver;
  verdict.textContent = "";
  answers.replaceChildren(...isOver ? [] : [questions[at].right, ...questions[at].wrong].sort().map(text => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: text });
    button.addEventListener("click", () => judge(text));
    return button;
  }));
}

function judge(text) {
  const isRight = text === questions[at].right;
  score += isRight;
  verdict.textContent = isRight ? "Right." : `No, it is ${questions[at].right}.`;
  for (const button of answers.children) button.disabled = true;
  next.hidden = false;
  next.focus();
}

next.addEventListener("click", () => {
  [at, score] = at === questions.length ? [0, 0] : [at + 1, score];
  show();
  question.focus();
});
show();
