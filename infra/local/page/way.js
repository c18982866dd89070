// The way of a message, told by the stack's events: log lines say which message an invocation
// was about, invocations and calls how long everything took.

import { $, announce, h, replace, setText } from "./dom.js";
import { plural, took } from "./format.js";
import { changed, state, watch } from "./store.js";

const LANES = {
  in: { stops: ["WhatsApp", "Webhook", "Queue", "Function", "Jira"], far: "jira", arrived: "In Jira" },
  out: { stops: ["Jira", "Webhook", "Queue", "Function", "WhatsApp"], far: "whatsapp", arrived: "At WhatsApp" },
};
const WORKERS = { "inbound-message": "in", "outbound-message": "out" };
const WEBHOOKS = { "whatsapp-webhook": "in", "jira-webhook": "out" };
const KEPT = 40;

const journeys = new Map();       // by correlation id
const byRequest = new Map();      // Lambda's request id -> what it was about
const calls = new Map();          // environment -> its calls since its last invocation ended
const latest = { in: null, out: null };

/** Starts the drawing of both ways. */
export function startWay() {
  watch(["way", "stack"], () => ["in", "out"].forEach(showLane));
  changed("way");
}

/** Takes in one event of the stack. */
export function travel(kind, data) {
  if (kind === "log") heardLine(data);
  else if (kind === "call") heardCall(data);
  // Its last lines are still in the pipe when it has ended.
  else if (kind === "invocation") setTimeout(() => heardInvocation(data, made(data.environment)), 120);
  else if (kind === "reset") {
    for (const memory of [journeys, byRequest, calls]) memory.clear();
    latest.in = latest.out = null;
    changed("way");
  }
}

function begin(id, lane, origin) {
  const journey = { id, lane, origin, stop: 1, state: "moving", times: {}, tries: 0, note: "", calls: 0 };
  journeys.set(`${lane} ${id}`, journey);
  if (journeys.size > KEPT) journeys.delete(journeys.keys().next().value);
  latest[lane] = journey;
  changed("way");
  return journey;
}

function heardLine({ function: name, text }) {
  if (text[0] !== "{") return;
  const line = JSON.parse(text), requestId = line.span?.requestId;
  if (!requestId || line._aws) return;
  const lane = WEBHOOKS[name];
  if (lane && line.message === "taken") {
    const ids = (line.correlation_ids ?? line.correlation_id ?? "").split(/[,\s]+/).filter(Boolean);
    if (lane === "in" && !line.messages) return ids.forEach(id => reported(id));
    const id = ids.at(-1);
    if (id) remember(requestId, { journey: begin(id, lane), part: "webhook" });
    return;
  }
  if (!WORKERS[name]) return;
  const id = line.span.correlation_id ?? line.correlation_id;
  if (!id) return;
  const worked = WORKERS[name], known = journeys.get(`${worked} ${id}`);
  // What goes to WhatsApp and was not written just now was held, or a timer rang.
  const origin = worked === "in" || id.startsWith("comment:") ? undefined : id.startsWith("message:") ? "Held" : "Timer";
  const journey = known ?? begin(id, worked, origin);
  if (known && known.state !== "moving") Object.assign(known, { state: "moving", outcome: null });
  latest[worked] = journey;
  remember(requestId, { journey, part: "worker" });
  if (line.outcome) journey.outcome = line.outcome;
  if (line.cause) journey.note = line.cause;
}

function remember(requestId, about) {
  byRequest.set(requestId, about);
  if (byRequest.size > KEPT) byRequest.delete(byRequest.keys().next().value);
}

/** A delivery report has come back for a reply. */
function reported(id) {
  const journey = journeys.get(`out ${id}`);
  if (!journey) return;
  journey.reports = (journey.reports ?? 0) + 1;
  changed("way");
}

function heardCall({ function: name, environment, service, ms, status, operation }) {
  calls.set(environment, [...(calls.get(environment) ?? []), { service, ms, status, operation }]);
  const webhook = WEBHOOKS[name], worker = WORKERS[name];
  const journey = latest[webhook ?? worker];
  if (!journey || journey.state !== "moving") return;
  if (webhook && service === "sqs") journey.stop = 2;
  if (worker) journey.stop = Math.max(journey.stop, service === LANES[worker].far ? 4 : 3);
  changed("way");
}

/** The calls of an environment since it was asked last. */
function made(environment) {
  const its = calls.get(environment) ?? [];
  calls.delete(environment);
  return its;
}

function heardInvocation({ function: name, request_id: requestId, at, duration_ms: duration, init_ms: init, error }, its) {
  const about = byRequest.get(requestId);
  const lane = WORKERS[name];
  if (!about) {
    // Nothing was said: a worker that failed before it knew its message.
    if (lane && latest[lane]?.state === "moving" && latest[lane].stop >= 2 && error) fail(latest[lane], error);
    return;
  }
  const { journey, part } = about, end = Date.parse(at), start = end - duration;
  if (part === "webhook") {
    Object.assign(journey, { startedAt: start, takenAt: end });
    Object.assign(journey.times, { webhook: duration, webhookCold: init });
    journey.stop = Math.max(journey.stop, 2);
  } else {
    const far = its.filter(call => call.service === LANES[journey.lane].far);
    journey.tries += 1;
    if (journey.takenAt != null && journey.tries === 1) journey.times.queue = Math.max(0, start - journey.takenAt - (init ?? 0));
    Object.assign(journey.times, { worker: duration, workerCold: init, far: far.length ? far.reduce((sum, call) => sum + (call.ms ?? 0), 0) : null });
    journey.calls = far.length;
    const refused = far.findLast(call => call.status == null || call.status >= 500 || call.status === 429 || call.status === 401);
    if (error) fail(journey, error);
    else if (journey.outcome) arrive(journey, end);
    else if (refused) fail(journey, `${LANES[journey.lane].stops[4]} ${refused.status ? `answered ${refused.status}` : "did not answer"}`);
    else fail(journey, journey.note || "It comes again");
  }
  changed("way");
}

function arrive(journey, end) {
  journey.state = "arrived";
  journey.stop = journey.calls || ["received", "sent"].includes(journey.outcome) ? 4 : 3;
  if (journey.startedAt != null) journey.total = end - journey.startedAt;
}

function fail(journey, note) {
  Object.assign(journey, { state: "failed", note });
  announce(`A message is on hold: ${note}`);
}

function showLane(lane) {
  const { stops, arrived } = LANES[lane], journey = latest[lane], box = $(`way-${lane}`);
  const times = journey?.times ?? {};
  const details = ["", took(times.webhook), took(times.queue), took(times.worker), took(times.far)];
  const cold = [0, times.webhookCold, 0, times.workerCold, 0];
  const names = journey?.origin ? [journey.origin, ...stops.slice(1)] : stops;
  box.dataset.state = journey?.state ?? "idle";
  box.style.setProperty("--stop", journey?.stop ?? 0);
  replace(box.querySelector("ol"), [names, details, cold, journey?.stop, journey?.state], () => names.map((name, index) =>
    h("li", { class: !journey ? "" : index < journey.stop ? "past" : index === journey.stop ? "here" : "" },
      h("i", { "aria-hidden": "true" }), h("b", {}, name), h("small", {}, details[index] || " "), cold[index] ? h("small", { class: "cold" }, `cold ${took(cold[index])}`) : null)));
  setText(box.querySelector("p"), told(journey, arrived, lane));
}

/** Whether what failed is not tried any more. */
function isDead(lane) {
  const { retries = [], dead_letters: letters = [] } = state.stack ?? {}, queue = lane === "in" ? "inbound" : "outbound";
  return !retries.some(retry => retry.queue === queue) && letters.some(letter => letter.queue === queue);
}

function told(journey, arrived, lane) {
  if (!journey) return lane === "in" ? "Nothing has come from WhatsApp yet." : "No agent has answered yet.";
  if (journey.state === "moving") return "On its way…";
  if (journey.state === "failed" && isDead(lane)) return `${journey.note}, ${plural(journey.tries, "time")}. It is kept among the dead letters.`;
  if (journey.state === "failed") return `${journey.note}. Nothing is lost: it comes again${journey.tries > 1 ? ` (tried ${journey.tries} times)` : ""}.`;
  const calls = journey.calls ? ` with ${plural(journey.calls, "call")}` : "";
  const reports = journey.reports ? `, ${plural(journey.reports, "delivery report")} came back` : "";
  const released = { Held: "A held reply is out: at WhatsApp", Timer: "A timer rang: at WhatsApp" }[journey.origin];
  if (journey.stop === 4) return `${released ?? arrived}${journey.total ? ` after ${took(journey.total)}` : ""}${calls}${reports}.`;
  return { held: "Held: the window is closed.", not_public: "It stays inside: an internal note is not sent." }[journey.outcome] ?? `Done: ${String(journey.outcome).replaceAll("_", " ")}.`;
}
