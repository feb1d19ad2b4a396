const driven = "[hx-get], [hx-post]";

/**
 * <script data-htmx="ADDRESS">: a page that came without htmx loads it when somebody enters a form that htmx drives. What they
 * change before it is here is sent when it is, or as the form itself where it does not come.
 */
export function loadHtmxWhenUsed() {
  const source = document.querySelector("script[data-htmx]")?.dataset.htmx;
  if (!source) return;
  const changed = new Set();
  let asked = false;

  const note = ({ type, target }) => {
    const form = target.closest?.(driven)?.closest("form");
    if (!form) return;
    if (type !== "focusin") changed.add(form);
    if (asked) return;
    asked = true;
    const script = Object.assign(document.createElement("script"), { src: source });
    script.onload = script.onerror = () => {
      for (const event of events) document.removeEventListener(event, note);
      changed.forEach(each => each.requestSubmit());
    };
    // htmx starts in a page that is complete, and waits for one that is not.
    if (document.readyState === "complete") document.head.append(script);
    else addEventListener("load", () => document.head.append(script));
  };
  const events = ["focusin", "input", "change"];
  for (const event of events) document.addEventListener(event, note);
}
