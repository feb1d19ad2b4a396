import htmx from "htmx.org/dist/htmx.esm.js";
import { sendAntiforgeryHeader } from "./antiforgery.js";
import { watchBalance } from "./balance.js";
import { followAnswers, runChat } from "./chat.js";
import { runCountdowns } from "./countdown.js";
import { openDialogs } from "./dialog.js";
import { sayFailures } from "./failure.js";
import { answerToolFrames, awaitToolFrames } from "./toolframe.js";
import { focusSearchOnSlash } from "./search.js";
import { priceOfPictures } from "./studio.js";
import { switchThemeInPlace } from "./theme.js";
import { showToasts } from "./toast.js";
import { tellTimeZone } from "./zone.js";

window.htmx = htmx;

sendAntiforgeryHeader();
answerToolFrames();
focusSearchOnSlash();
runChat();
switchThemeInPlace();
showToasts();
sayFailures();
watchBalance();
tellTimeZone();

// What a fragment brings is treated like what the page brought.
htmx.onLoad(root => {
  followAnswers(root);
  priceOfPictures(root);
  runCountdowns(root);
  openDialogs(root);
  awaitToolFrames(root);
});
