import htmx from "htmx.org/dist/htmx.esm.js";
import { sendAntiforgeryHeader } from "./antiforgery.js";
import { watchBalance } from "./balance.js";
import { runCountdowns } from "./countdown.js";
import { openDialogs } from "./dialog.js";
import { answerToolFrames } from "./toolframe.js";
import { focusSearchOnSlash } from "./search.js";
import { switchThemeInPlace } from "./theme.js";
import { showToasts } from "./toast.js";

window.htmx = htmx;

sendAntiforgeryHeader();
answerToolFrames();
focusSearchOnSlash();
switchThemeInPlace();
showToasts();
watchBalance();

// What a fragment brings is treated like what the page brought.
htmx.onLoad(root => {
  runCountdowns(root);
  openDialogs(root);
});
