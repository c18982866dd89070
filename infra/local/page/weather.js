// Bad weather: switches for what goes wrong outside, and how Casement gets through it.

import { api, post } from "./api.js";
import { $, announce, button, h, keyed, replace, setText } from "./dom.js";
import { plural, span, words } from "./format.js";
import { now, state, want, watch } from "./store.js";

const graphError = (status, code, message) => ({ status, body: { error: { message: `(#${code}) ${message}`, type: "OAuthException", code } } });
const fault = (target, kind, more = {}) => ({ target, kind, ...more });

/** Switches; each is some faults, or an option of the simulators away from its usual value. */
const SWITCHES = [
  { id: "jira-down", label: "Jira down", hint: "503 to every call", faults: [fault("jira", "status", { status: 503 })] },
  { id: "jira-slow", label: "Jira slow", hint: "2 s before each answer", faults: [fault("jira", "slow", { delay_ms: 2000 })] },
  { id: "jira-429", label: "Jira throttles", hint: "429, Retry-After 20 s", faults: [fault("jira", "status", { status: 429, headers: { "retry-after": "20" } })] },
  { id: "whatsapp-down", label: "WhatsApp down", hint: "503 to every call", faults: [fault("whatsapp", "status", { status: 503 })] },
  { id: "window-131047", label: "Window refused", hint: "131047 to every send", faults: [fault("whatsapp", "status", { match: "/messages", ...graphError(400, 131047, "Re-engagement message") })] },
  { id: "pair-limit", label: "Pair limit", hint: "131056, too many to one", faults: [fault("whatsapp", "status", { match: "/messages", ...graphError(400, 131056, "Pair rate limit hit") })] },
  { id: "token-expired", label: "Token expired", hint: "190, sending pauses", faults: [fault("whatsapp", "status", graphError(401, 190, "Error validating access token"))] },
  { id: "lost-responses", label: "Lost answers", hint: "it happened, nobody heard", faults: [fault("whatsapp", "cut_after", { match: "/messages" }), fault("jira", "cut_after", { match: "POST" })] },
  { id: "duplicates", label: "Duplicate webhooks", hint: "each comes three times", options: [["whatsapp", "duplicates", 2, 0], ["jira", "duplicates", 2, 0]] },
  { id: "shuffled", label: "Shuffled statuses", hint: "delivered before sent", options: [["whatsapp", "statuses", "shuffled", "ordered"]] },
  { id: "auto-reply", label: "Auto-reply rule", hint: "Automation answers each message", options: [["jira", "automation", "auto_reply", "none"]] },
  { id: "rule-on-notes", label: "Rule in a loop", hint: "Automation answers Casement's notes", options: [["jira", "automation", "on_notes", "none"]] },
];

let wasTroubled = false;

/** Starts the switches. */
export function startWeather(attempt) {
  for (const entry of SWITCHES) {
    const box = h("input", { type: "checkbox", role: "switch", id: `weather-${entry.id}`, "aria-describedby": `hint-${entry.id}` });
    box.addEventListener("change", () => attempt(async () => {
      const on = box.checked;
      try { await (on ? switchOn(entry) : switchOff(entry)); } finally { want("faults"); }
      announce(`${entry.label}: ${on ? "on" : "off"}`);
    }));
    $("switches").append(h("label", {}, box, h("span", {}, h("b", {}, entry.label), h("small", { id: `hint-${entry.id}` }, entry.hint))));
  }
  $("weather-clear").addEventListener("click", () => attempt(async () => {
    try { for (const entry of SWITCHES) if (isOn(entry)) await switchOff(entry); } finally { want("faults"); }
  }));
  $("skip-to-retry").addEventListener("click", () => attempt(async () => {
    const next = nextTry();
    if (next) await post("/api/clock", { advance_s: Math.max(1, Math.ceil((next - now()) / 1000)) });
  }));
  watch(["faults"], showSwitches);
  watch(["stack", "faults", "time"], () => showBacklog(attempt));
}

const isLike = (armed, wanted) => ["target", "kind", "status", "match"].every(name => armed[name] === wanted[name]) && armed.body?.error?.code === wanted.body?.error?.code;
const armedOf = entry => (entry.faults ?? []).flatMap(wanted => state.faults.filter(armed => isLike(armed, wanted)));
const isOn = entry => entry.options ? entry.options.some(([side, name, bad, usual]) => state[side][name] !== undefined && (typeof bad === "string" ? state[side][name] === bad : state[side][name] !== usual)) : armedOf(entry).length > 0;

async function switchOn(entry) {
  for (const wanted of entry.faults ?? []) await post("/api/faults", wanted);
  for (const [side, name, bad] of entry.options ?? []) await post(`/api/${side}/options`, { [name]: bad });
}

async function switchOff(entry) {
  for (const { id } of armedOf(entry)) await api("DELETE", `/api/faults/${id}`);
  for (const [side, name, , usual] of entry.options ?? []) await post(`/api/${side}/options`, { [name]: usual });
}

function showSwitches() {
  for (const entry of SWITCHES) {
    $(`weather-${entry.id}`).checked = isOn(entry);
    const hits = armedOf(entry).reduce((sum, armed) => sum + armed.hit, 0);
    setText($(`hint-${entry.id}`), hits ? `${plural(hits, "call")} hit` : entry.hint);
  }
  $("weather-clear").disabled = !SWITCHES.some(isOn);
}

const nextTry = () => Math.min(...(state.stack?.retries ?? []).map(retry => Date.parse(retry.next_at))) || null;

function showBacklog(attempt) {
  const { queues = {}, retries = [], dead_letters: letters = [] } = state.stack ?? {};
  const waiting = Object.values(queues).reduce((sum, queue) => sum + queue.visible + queue.in_flight, 0);
  const bad = SWITCHES.filter(isOn).map(entry => entry.label);
  const next = nextTry(), inTime = Number.isFinite(next) && next ? span(next - now()) : null;
  const troubled = retries.length > 0 || letters.length > 0 || bad.length > 0;
  $("skip-to-retry").hidden = !inTime;
  setText($("skip-to-retry"), inTime ? `Skip to the next try (${inTime})` : "");
  $("sky").dataset.state = letters.length ? "dead" : retries.length ? "retrying" : bad.length ? "bad" : "fair";
  setText($("sky-sentence"), skyWords({ bad, waiting, retries, letters }));
  if (wasTroubled && !troubled) announce("Everything has been delivered.");
  wasTroubled = troubled;
  keyed($("retries"), retries.slice(0, 8), {
    key: retry => retry.message_id,
    make: retry => h("li", {}, h("b", {}, retry.queue), h("span", {}, `${reason(retry.reason)} · tried ${plural(retry.receives, "time")}`), h("small", {})),
    update: (row, retry) => setText(row.lastElementChild, Date.parse(retry.next_at) > now() ? `again in ${span(Date.parse(retry.next_at) - now())}` : "now"),
  });
  keyed($("dead-letters"), letters.slice(0, 20), {
    key: letter => letter.message_id,
    make: letter => h("li", { "data-part": "dead-letter" }, h("b", {}, letter.queue), h("span", {}, `${words(letter.type ?? "message")}: ${reason(letter.reason)} · tried ${plural(letter.receives, "time")}`)),
  });
  const queuesWithDead = [...new Set(letters.map(letter => letter.queue))];
  replace($("redrive"), queuesWithDead.map(name => [name, queues[name]?.dead]), shown => shown.map(([name, dead]) => button(`Redrive ${plural(dead ?? 0, "dead letter")} of ${name}`, () => attempt(async () => {
    const { moved } = await post("/api/redrive", { queue: name });
    announce(`${plural(moved, "message")} moved back to ${name}`);
    want("stack");
  }))));
  $("dead").hidden = letters.length === 0;
  $("retrying").hidden = retries.length === 0;
}

const reason = text => text || "no reason is known";

function skyWords({ bad, waiting, retries, letters }) {
  if (letters.length) return `${plural(letters.length, "message")} could not be delivered and ${letters.length === 1 ? "is kept as a dead letter" : "are kept as dead letters"}. When the cause is mended, redrive.`;
  if (retries.length) return `${plural(retries.length, "message")} will be tried again. ${bad.length ? `${bad.join(", ")}.` : "The weather is fair again: they recover at their next try."}`;
  if (bad.length) return `${bad.join(", ")}. ${waiting ? `${plural(waiting, "message")} under way.` : "Send something and watch it survive."}`;
  return waiting ? `${plural(waiting, "message")} under way.` : "Fair. Nothing waits, nothing was lost.";
}
