// The stack's clock: what it shows, and the ways to move it.

import { post } from "./api.js";
import { $, announce, disclosure, setText } from "./dom.js";
import { dateTime, fullDate, span } from "./format.js";
import { now, state, watch } from "./store.js";

/** Starts the clock. */
export function startClock(attempt) {
  const move = (body, told) => attempt(async () => {
    await post("/api/clock", body);
    announce(`${told}. It is ${dateTime(new Date(now()))}.`);
  });
  for (const button of document.querySelectorAll("[data-hours]"))
    button.addEventListener("click", () => move({ advance_s: 3600 * Number(button.dataset.hours) }, `${button.dataset.hours} hours later`));
  $("next-opening").addEventListener("click", () => move({ to: "next_opening" }, "The agents begin to work"));
  const { close } = disclosure($("clock-back"), $("clock-back-choice"));
  $("clock-back-keep").addEventListener("click", () => { close(); move({ reset: true }, "Back to now"); });
  $("clock-back-empty").addEventListener("click", () => { close(); attempt(() => post("/api/reset")); });
  watch(["time", "clock"], showTime);
  setInterval(() => document.dispatchEvent(new Event("tick")), 1000);
}

function showTime() {
  const at = new Date(now()), ahead = Math.abs(state.offsetMs) > 1000;
  setText($("now"), dateTime(at));
  $("now").setAttribute("datetime", at.toISOString());
  $("now").title = fullDate(at);
  setText($("offset"), ahead ? `${span(Math.abs(state.offsetMs))} ${state.offsetMs > 0 ? "ahead" : "behind"}` : "real time");
  $("clock").classList.toggle("moved", ahead);
  $("clock-back").disabled = !ahead;
  const opening = state.nextOpening;
  $("next-opening").disabled = !opening;
  $("next-opening").title = opening ? `To ${dateTime(opening)}` : "By the settings, agents work round the clock: there is no opening. Give them hours under Settings.";
}

/** Whether something in the stack lies further ahead than time can have brought it. */
export function fromTheFuture() {
  const day = 86_400_000 + 60_000;
  const windows = state.stack?.conversations.some(conversation => conversation.window_expires_at * 1000 - now() > day);
  const chats = state.customers.some(customer => (customer.last?.timestamp ?? 0) * 1000 - now() > 60_000);
  return Boolean(windows || chats);
}
