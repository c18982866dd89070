// The agents' side: requests as a queue, those first whose window closes first.

import { post } from "./api.js";
import { $, announce, button, h, keyed, setText } from "./dom.js";
import { plural, span, windowOf } from "./format.js";
import { now, selectRequest, state, watch, want } from "./store.js";

const LISTED = 50;

/** Starts the list of requests and the request that is shown. */
export function startAgent(attempt) {
  // The first request brings the view of one.
  let started = false;
  watch(["requests"], () => {
    if (started || !state.requests.length) return;
    started = true;
    attempt(async () => (await import("./request.js")).startRequest(attempt));
  });
  $("requests-search").addEventListener("input", showRequests);
  $("requests-done").addEventListener("change", showRequests);
  $("new-request").addEventListener("submit", event => {
    event.preventDefault();
    attempt(async () => {
      const summary = $("new-summary").value.trim(), phone = $("new-request-phone").value.replace(/\D/g, "");
      const { key } = await post("/api/requests", { summary, phone: phone ? `+${phone}` : undefined });
      event.target.reset();
      $("new-request").closest("details").open = false;
      want("requests");
      selectRequest(key);
      announce(`Request ${key} is open`);
    });
  });
  watch(["requests", "stack", "requestKey", "time"], showRequests);
}

/** The requests in the order in which agents should look at them. */
function queue() {
  const conversations = new Map(state.stack?.conversations.map(conversation => [conversation.issue_key, conversation]));
  return state.requests.map(request => ({ request, conversation: conversations.get(request.key), window: windowOf(conversations.get(request.key), now()) }))
    .sort((a, b) => rank(a) - rank(b) || (a.window.left ?? Infinity) - (b.window.left ?? Infinity) || b.request.id - a.request.id);
}

// Open ones whose window is open; open ones whose window has closed or was never open; the rest.
function rank({ request, window }) {
  if (request.status_category === "done") return 2;
  return window.state === "open" || window.state === "closing" ? 0 : 1;
}

function showRequests() {
  const asked = $("requests-search").value.trim().toLowerCase(), withDone = $("requests-done").checked;
  const all = queue();
  const found = all.filter(({ request }) =>
    (withDone || request.status_category !== "done" || request.key === state.requestKey) &&
    (!asked || `${request.key} ${request.summary}`.toLowerCase().includes(asked)));
  keyed($("request-list"), found.slice(0, LISTED), {
    key: ({ request }) => request.key,
    signature: ({ request }) => JSON.stringify([request.summary, request.key]),
    make: ({ request }) => h("li", {}, button([
      h("span", { class: "title" }, h("b", {}, request.key), h("span", {}, request.summary)),
      h("span", { class: "facts" }, h("span", { class: "chip" }), h("span", { class: "waits" }), h("span", { class: "status" }))],
      () => selectRequest(request.key))),
    update: showRow,
  });
  const open = all.filter(({ request }) => request.status_category !== "done").length;
  setText($("requests-count"), state.requests.length ? `${plural(open, "open request")}${all.length > open ? `, ${all.length - open} done` : ""}` : "");
  setText($("requests-more"), found.length > LISTED ? `${LISTED} of ${found.length} are shown, the most urgent first. Search to find the others.`
    : state.requests.length && !found.length ? "None that matches." : "");
  $("requests-empty").hidden = state.requests.length > 0;
  $("requests").hidden = state.requests.length === 0;
}

function showRow(row, { request, conversation, window }) {
  const [chip, waits, status] = row.querySelector(".facts").children;
  setText(chip, window.word);
  chip.className = `chip ${window.state}`;
  const waiting = conversation?.awaiting_since;
  setText(waits, waiting ? `waits ${span(now() - waiting * 1000)}` : conversation?.held ? `${conversation.held} held` : "");
  setText(status, request.status);
  row.firstElementChild.setAttribute("aria-current", String(request.key === state.requestKey));
}
