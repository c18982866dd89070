// Starts the parts of the page and joins them.

import { $, announce, setText } from "./dom.js";
import { post } from "./api.js";
import { startAgent } from "./agent.js";
import { startBridge } from "./bridge.js";
import { startClock } from "./clock.js";
import { openInside, refreshInside, startInside } from "./inside.js";
import { showEarlier, startPhone } from "./phone.js";
import { changed, conversationOf, followCustomer, listen, state, want, watch } from "./store.js";
import { startWay, travel } from "./way.js";
import { startWeather } from "./weather.js";

/** Runs work; what goes wrong is shown in words until something else works. */
async function attempt(work) {
  try {
    await work();
    $("problem").hidden = true;
  } catch (error) {
    setText($("problem-text"), error.message);
    $("problem").hidden = false;
  }
}

/** Shows one of the places of a narrow screen. */
function show(place) {
  const shown = { weather: "bridge" }[place] ?? place;
  document.body.dataset.place = shown;
  for (const tab of document.querySelectorAll("[data-place-tab]")) tab.setAttribute("aria-current", String(tab.dataset.placeTab === shown));
  if (shown === "inside") openInside();
}

function showOnline() {
  const words = { connecting: "Connecting…", live: "Live", away: "Reconnecting…" };
  setText($("online"), words[state.online]);
  $("online").dataset.state = state.online;
  $("away").hidden = state.online !== "away";
}

let heldBefore = 0;

/** Tells screen readers what has come. */
function tellNews() {
  const last = state.chat.at(-1);
  if (last && last.direction === "out" && last.wamid !== tellNews.last && tellNews.customer === state.customer)
    announce(last.status === "failed" ? "A message did not reach the phone" : `The phone shows: ${last.text}`);
  tellNews.last = last?.wamid;
  tellNews.customer = state.customer;
  const held = conversationOf(state.customer)?.held ?? 0;
  if (held > heldBefore) announce("A reply is held until the customer writes again");
  heldBefore = held;
}

startClock(attempt);
startPhone(attempt);
startAgent(attempt);
startBridge();
startWay();
startWeather(attempt);
startInside(attempt);
const startTour = focus => attempt(async () => (await import("./tour.js")).tour(attempt, show, focus));
$("meta").addEventListener("toggle", () => attempt(async () => (await import("./meta.js")).startMeta(attempt)), { once: true });
$("tour-start").addEventListener("click", () => startTour(true));
if (!localStorage.getItem("casement-tour")) startTour(false);
watch(["online"], showOnline);
watch(["stack"], () => { followCustomer(); refreshInside("stack"); });
watch(["chat", "stack"], tellNews);
watch(["requests"], () => { if (state.requestKey && !state.request) want("request"); });
document.addEventListener("tick", () => changed("time"));
for (const tab of document.querySelectorAll("[data-place-tab]")) tab.addEventListener("click", () => show(tab.dataset.placeTab));
$("chat-earlier").addEventListener("click", showEarlier);
$("problem-close").addEventListener("click", () => { $("problem").hidden = true; });
$("reset").addEventListener("click", () => {
  if (confirm("Empty everything: chats, requests, queues, table, faults, and the clock?")) attempt(async () => { await post("/api/reset"); announce("Everything is empty"); });
});
show("phone");
showOnline();
listen((kind, data) => { travel(kind, data); refreshInside(kind); });
