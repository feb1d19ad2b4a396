import htmx from "htmx.org/dist/htmx.esm.js";
import { sendAntiforgeryHeader } from "./antiforgery.js";
import { watchBalance } from "./balance.js";
import { followAnswers, runChat } from "./chat.js";
import { runCountdowns } from "./countdown.js";
import { answerToolFrames, awaitToolFrames } from "./toolframe.js";
import { priceOfPictures } from "./studio.js";
import { tellTimeZone } from "./zone.js";

window.htmx = htmx;

sendAntiforgeryHeader();
answerToolFrames();
runChat();
watchBalance();
tellTimeZone();

// What a fragment brings is treated like what the page brought.
htmx.onLoad(root => {
  followAnswers(root);
  priceOfPictures(root);
  runCountdowns(root);
  awaitToolFrames(root);
});
