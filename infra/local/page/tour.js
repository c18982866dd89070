// Five steps that show what Casement is for. Each can be done by hand, or by its button.

import { customerPath, get, post, requestPath } from "./api.js";
import { $, announce, button, h, setText, sheet } from "./dom.js";
import { conversationOf, state } from "./store.js";

await sheet("tour.css");

// `main.js` looks for it.
const SEEN = "casement-tour";
const idle = () => post("/api/idle", { timeout_s: 20, ignore_backoff: true });
const write = async body => {
  await post(customerPath(state.customer, "/messages"), { type: "text", text: { body }, profile_name: $("chat-name")?.textContent });
  await idle();
};
/** The request of the customer on the phone, as the bridge has it now. */
const request = async () => {
  state.stack = await get("/api/state");
  return conversationOf(state.customer)?.issue_key ?? (await write("Hello, where is my parcel?"), state.stack = await get("/api/state"), conversationOf(state.customer)?.issue_key);
};
const answer = async text => {
  await post(requestPath(await request(), "/comments"), { text, public: true, author: "agent" });
  await idle();
};

const STEPS = [
  { place: "phone", title: "A customer writes", text: "With the phone you are the customer. Write something: Casement opens a request in Jira.", label: "Write “Where is my parcel?”", act: () => write("Hello, where is my parcel?") },
  { place: "agent", title: "An agent answers", text: "In the request you are the agent. A public reply in the request goes to the phone; an internal note stays inside.", label: "Reply for me", act: () => answer("It comes tomorrow.") },
  { place: "bridge", title: "The window closes", text: "WhatsApp allows free text only for 24 hours after the customer's last message. Let a day pass, and watch the ring.", label: "25 hours later", act: () => post("/api/clock", { advance_s: 90_000 }) },
  { place: "agent", title: "A late reply is held", text: "Answer again: the reply is not lost, it is held, and a note says so. When the customer writes, it goes out.", label: "Reply late, then write", act: async () => { await answer("Sorry: it was in the wrong van."); announce("The reply is held"); await new Promise(resolve => setTimeout(resolve, 2500)); await write("Still waiting"); } },
  { place: "weather", title: "The weather turns", text: "Switch Jira off and write: the message waits and is tried again. Switch it on and skip to the next try: nothing is lost.", label: "Jira down, then write", act: async () => { $("weather-jira-down").click(); await new Promise(resolve => setTimeout(resolve, 400)); await write("Are you there?"); } },
];

let step = -1, restore = null, parts = null;

/** Begins the tour. `show` brings a place into view on narrow screens. */
export function tour(attempt, show, focus) {
  parts ??= build(attempt, show);
  if (step < 0) restore = document.activeElement;
  go(0, show, focus);
}

function build(attempt, show) {
  const made = {
    count: h("small", { id: "tour-count", class: "soft" }), title: h("h2", { id: "tour-title", tabindex: -1 }), text: h("p", { id: "tour-text" }),
    act: button("", () => {
      made.act.disabled = true;
      attempt(async () => { await STEPS[step].act(); announce("Done"); }).finally(() => { made.act.disabled = false; });
    }, { id: "tour-act" }),
    back: button("Back", () => go(step - 1, show, true), { id: "tour-back", class: "quiet" }),
    next: button("", () => (step + 1 < STEPS.length ? go(step + 1, show, true) : end()), { id: "tour-next", class: "primary" }),
  };
  $("tour").append(made.count, made.title, made.text, h("div", { class: "row" }, made.act, h("span", { class: "gap" }), button("Skip", end, { id: "tour-skip", class: "quiet" }), made.back, made.next));
  $("tour").addEventListener("keydown", event => { if (event.key === "Escape") end(); });
  return made;
}

function go(to, show, focus) {
  step = to;
  const { place, title, text, label } = STEPS[step], last = step + 1 === STEPS.length;
  $("tour").hidden = false;
  // Beside what it speaks of.
  $("tour").dataset.side = ["bridge", "weather"].includes(place) ? "right" : "left";
  setText(parts.count, `Step ${step + 1} of ${STEPS.length}`);
  setText(parts.title, title);
  setText(parts.text, text);
  setText(parts.act, label);
  parts.back.hidden = step === 0;
  setText(parts.next, last ? "Finish" : "Next");
  light(place);
  if (focus) { show(place); parts.title.focus(); }
}

function light(place) {
  for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
  if (!place) return;
  $(place).classList.add("lit");
  $(place).scrollIntoView({ block: "nearest" });
}

function end() {
  step = -1;
  localStorage.setItem(SEEN, "seen");
  light(null);
  $("tour").hidden = true;
  (restore?.isConnected ? restore : $("tour-start")).focus();
}
