// Builds elements: h("button.btn", { type: "button", onclick }, "Run").
export function h(selector, properties = {}, ...children) {
  const [tag, ...classes] = selector.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && typeof value !== "string") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined));
  return element;
}

let nextId = 0;

/** A labelled control. */
export function field(label, control) {
  control.id ||= `field-${++nextId}`;
  return h("div.field", {}, h("label", { for: control.id }, label), control);
}

export const select = (options, properties = {}) =>
  h("select", properties, Object.entries(options).map(([value, text]) => h("option", { value }, text)));

/** A row of buttons of which one is pressed. */
export function choice(label, options, chosen, onChoose) {
  const buttons = Object.entries(options).map(([value, text]) =>
    h("button.btn.sec", { type: "button", "aria-pressed": String(value === chosen), onclick: () => pick(value) }, text));
  const pick = value => {
    Object.keys(options).forEach((key, i) => buttons[i].setAttribute("aria-pressed", String(key === value)));
    onChoose(value);
  };
  return h("div.row", { role: "group", "aria-label": label }, buttons);
}

export const escapeHtml = text => text.replace(/[&<>"']/g, c => `&#${c.charCodeAt(0)};`);

/** A number that is always the same for the same text, so that results can be repeated. */
export function hash(text) {
  let value = 2166136261;
  for (const c of text) value = Math.imul(value ^ c.codePointAt(0), 16777619) >>> 0;
  return value;
}

export const number = (value, lang) => new Intl.NumberFormat(lang).format(value);

/** Copies text; the frame may lack the permission for the newer way. */
export async function copy(text) {
  const area = h("textarea", { readOnly: true, "aria-hidden": "true" });
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

export const copyButton = (label, done, text) => {
  const button = h("button.btn.sec", { type: "button", onclick: async () => {
    await copy(text());
    button.textContent = done;
    setTimeout(() => { button.textContent = label; }, 2000);
  } }, label);
  return button;
};
