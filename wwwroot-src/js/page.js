import { openDialogs } from "./dialog.js";
import { sayFailures } from "./failure.js";
import { loadHtmxWhenUsed } from "./htmx-on-use.js";
import { focusSearchOnSlash } from "./search.js";
import { switchThemeInPlace } from "./theme.js";
import { showToasts } from "./toast.js";

// What every page has. app.js is the rest, with htmx: a visitor reads most pages without it.
focusSearchOnSlash();
switchThemeInPlace();
showToasts();
sayFailures();
openDialogs(document.body);
document.addEventListener("htmx:load", ({ detail }) => openDialogs(detail.elt));
loadHtmxWhenUsed();
