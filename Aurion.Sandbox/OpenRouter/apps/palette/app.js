const shares = [0.7, 0.35, 0, -0.3, -0.6];
const [code, picker, note, shades, css] = ["code", "picker", "note", "shades", "css"].map(id => document.getElementById(id));

const parts = hex => [1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16));
const hexOf = rgb => `#${rgb.map(part => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
const shade = (hex, share) => hexOf(parts(hex).map(part => share > 0 ? part + (255 - part) * share : part * (1 + share)));

// WCAG 2: relative luminance, and its ratio to white.
function contrast(hex) {
  const [r, g, b] = parts(hex).map(part => part / 255).map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05);
}

const made = () => shares.map(share => shade(code.value, share));

function show() {
  css.hidden = true;
  note.textContent = code.checkValidity() ? "" : "A colour is # and six digits or letters from a to f.";
  if (!code.checkValidity()) return;
  picker.value = code.value;
  shades.replaceChildren(...made().map(hex => {
    const item = document.createElement("li");
    const patch = document.createElement("div");
    Object.assign(patch.style, { background: hex, height: "4rem", borderRadius: "8px" });
    const ratio = contrast(hex);
    item.append(patch, `${hex} ${ratio.toFixed(2)} : 1, ${ratio >= 4.5 ? "for text" : "not for text"}`);
    return item;
  }));
}

code.addEventListener("input", show);
picker.addEventListener("input", () => { code.value = picker.value; show(); });
document.getElementById("write").addEventListener("click", () => {
  css.hidden = false;
  css.textContent = made().map((hex, i) => `--shade-${i + 1}: ${hex};`).join("\n");
});
show();
