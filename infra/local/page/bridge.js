// The bridge: the window of the chosen conversation, and what is due in it.

import { $, h, replace, setText, svg } from "./dom.js";
import { dateTime, plural, span, when, windowOf } from "./format.js";
import { conversationOf, now, state, watch } from "./store.js";
import { fromTheFuture } from "./clock.js";

const DAY = 86_400_000, ROUND = 2 * Math.PI * 52;
const NOTICE = {
  idle: "Nobody waits", armed: "Due", queued: "On its way", sent: "Sent: the customer knows", skipped: "Not sent: not needed any more",
};
const TIMERS = {
  delay_notice: "Delay notice to the customer", keep_open: "“Still need help?” to the customer", agent_alert: "Warning to the agents",
  hold_expiry: "Held replies are given up", window_field: "The request's fields",
};

/** Starts the bridge. */
export function startBridge() {
  $("ring").append(
    svg("circle", { class: "ring-back", cx: 60, cy: 60, r: 52 }),
    svg("circle", { class: "ring-left", cx: 60, cy: 60, r: 52, "stroke-dasharray": ROUND, "stroke-dashoffset": ROUND, transform: "rotate(-90 60 60)" }));
  watch(["stack", "customer", "time", "request"], showBridge);
}

function showBridge() {
  const conversation = conversationOf(state.customer), window = windowOf(conversation, now()), part = $("window");
  part.dataset.state = window.state;
  const left = window.left ?? 0, shown = window.state === "closed" ? 0 : Math.min(1, left / DAY);
  $("ring").querySelector(".ring-left").setAttribute("stroke-dashoffset", ROUND * (1 - Math.max(0, shown)));
  setText($("window-word"), { none: "No window yet", open: "Open", closing: "Closing soon", closed: "Closed" }[window.state]);
  // The first unit is large, the second one smaller below it.
  const [number, unit, ...rest] = (window.state === "none" ? "–" : span(Math.abs(left))).split(" ");
  setText($("window-left"), unit ? `${number} ${unit}` : number);
  setText($("window-unit"), window.state === "none" ? "" : [...rest, left > 0 ? "left" : "ago"].join(" "));
  setText($("window-sentence"), sentence(window, conversation));
  $("future").hidden = !fromTheFuture();
  showFacts(conversation);
  showHeld(conversation);
}

function sentence({ state: word, left }, conversation) {
  const end = conversation?.window_expires_at, ends = end ? dateTime(end) : "";
  if (word === "none") return "It opens for 24 hours with each message of the customer. Only then WhatsApp takes free text.";
  if (word === "closed") return `${left > 0 ? "It is about to close" : `It closed ${when(end, now())}`}. Replies are held until the customer writes again.`;
  if (left > DAY + 60_000) return `It is open until ${ends}. The clock was turned back, so that is more than a day.`;
  return word === "closing" ? `It closes ${when(end, now())}. Answer soon.` : `Replies go out at once, until ${ends}.`;
}

function due(moment) {
  const left = moment * 1000 - now();
  return left > 0 ? `in ${span(left)}` : "now due";
}

// Answered and received are two things: a held reply has not reached the customer.
function waits({ awaiting_since: since, held, held_since: heldSince }) {
  if (since) return `since ${span(now() - since * 1000)}`;
  if (!held) return "no";
  return heldSince ? `answered, not received: held since ${when(heldSince, now())}` : "answered, not received";
}

function showFacts(conversation) {
  const facts = [];
  if (conversation) {
    const { awaiting_since: since, notice, timers, issue_key: issue } = conversation;
    facts.push(["Request", issue ?? "none yet", ""]);
    if (conversation.control?.holder === "another") facts.push(["Who answers", `another sender since ${when(conversation.control.since, now())}`, "strong"]);
    facts.push(["Customer waits", waits(conversation), since || conversation.held ? "strong" : ""]);
    const armed = timers?.delay_notice;
    if (since || armed) facts.push(["Delay notice", armed ? `${when(armed, now())}, ${due(armed)}` : NOTICE[notice.state] ?? notice.state, armed ? "strong" : ""]);
    for (const [name, at] of Object.entries(timers ?? {}).sort((a, b) => a[1] - b[1]))
      if (name !== "delay_notice") facts.push([TIMERS[name] ?? name, `${when(at, now())}, ${due(at)}`, ""]);
  }
  $("facts").hidden = facts.length === 0;
  replace($("facts"), facts, () => facts.map(([name, value, kind]) => h("div", {}, h("dt", {}, name), h("dd", { class: kind }, value))));
}

function showHeld(conversation) {
  const held = conversation?.held ?? 0, replies = conversation?.held_replies ?? [];
  $("held").hidden = held === 0;
  setText($("held-title"), held ? `${plural(held, "held reply", "held replies")}` : "");
  const shown = replies.map(reply => {
    const comment = state.request?.comments.find(known => known.id === reply.comment_id);
    return { since: `written ${when(reply.created, now())}`, text: comment?.text ?? `Comment ${reply.comment_id}` };
  });
  replace($("held-list"), shown, () => shown.map(({ since, text }) => h("li", {}, h("span", {}, text), h("small", {}, since))));
}
