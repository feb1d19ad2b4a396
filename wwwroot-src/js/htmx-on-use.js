const driven = "[hx-get], [hx-post]";

/**
 * <script data-htmx="ADDRESS">: a page without htmx loads it when somebody enters a form that uses it. A form that was changed
 * before htmx had loaded is submitted once it has; if it cannot be loaded, the form submits as it does without script.
 */
export function loadHtmxWhenUsed() {
  const source = document.querySelector("script[data-htmx]")?.dataset.htmx;
  if (!source) return;
  const events = ["focusin", "input", "change"];
  const changed = new Set();
  let asked, failed;

  const note = ({ type, target }) => {
    const form = target.closest?.(driven)?.closest("form");
    if (!form) return;
    if (type !== "focusin") changed.add(form);
    if (failed && type === "change") form.requestSubmit();
    if (asked) return;
    asked = true;
    const script = Object.assign(document.createElement("script"), { src: source });
    script.onerror = () => (failed = true);
    script.onload = () => {
      for (const event of events) document.removeEventListener(event, note);
      changed.forEach(each => each.requestSubmit());
    };
    // htmx starts in a page that is complete, and waits for one that is not.
    if (document.readyState === "complete") document.head.append(script);
    else addEventListener("load", () => document.head.append(script));
  };
  for (const event of events) document.addEventListener(event, note);
}
