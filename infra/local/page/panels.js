// What the tabs show: queues, table, timers, invocations, logs, metrics.

import { get } from "./api.js";
import { h, keyed, replace, sheet } from "./dom.js";
import { bytes, count, dateTime, fullDate, preciseDate, second, span, took, words } from "./format.js";
import { settingsPanel, webhookPanel } from "./settings.js";
import { dashboardPanel, showDashboard } from "./views.js";
import { now, state } from "./store.js";

const KEPT = 150;
const LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"];

const cell = (value, properties) => h("td", properties, value);
const row = (name, ...cells) => h("tr", {}, h("th", { scope: "row" }, name), ...cells);

/** Fills the body of a panel's table, and says so when it is empty. */
function rows(part, items, options) {
  keyed(part.querySelector("tbody"), items, options);
  part.querySelector("table").hidden = items.length === 0;
  part.querySelector(".nothing").hidden = items.length > 0;
}

const filterOf = part => part.querySelector("[data-filter]").value.trim();

/** A moment as the table keeps it, if that is what the number is. */
function readable(name, value) {
  if (typeof value === "number" && value > 1e9 && value < 1e10 && /(_at|_since|expires|until|due)/.test(name)) return preciseDate(value);
  return value !== null && typeof value === "object" ? JSON.stringify(value) : String(value);
}

function queues(part) {
  const { queues: all = {}, calls = {} } = state.stack ?? {};
  rows(part, Object.entries(all), {
    key: ([name]) => name,
    make: ([name, queue]) => row(name, ...["visible", "in_flight", "delayed", "dead"].map(kind => cell(count(queue[kind]), { class: queue[kind] ? (kind === "dead" ? "bad" : "strong") : "zero" })),
      cell(queue.next_visible_at ? preciseDate(queue.next_visible_at) : "")),
  });
  const letters = state.stack?.dead_letters ?? [];
  replace(part.querySelector(".more"), [letters, calls], () => [
    h("p", { class: "soft" }, `Calls of the functions so far: ${Object.entries(calls).map(([name, number]) => `${name} ${count(number)}`).join(" · ")}`),
    letters.length ? h("ul", { class: "plain" }, letters.slice(0, 50).map(letter => h("li", {}, h("b", {}, letter.queue), ` ${letter.type ?? "message"} ${letter.message_id}: ${letter.reason ?? "no reason is known"}, received ${letter.receives} times`)))
      : h("p", { class: "soft" }, "No dead letters.")]);
}

async function table(part) {
  const { items, matching, total } = await get(`/api/table?limit=100&contains=${encodeURIComponent(filterOf(part))}`);
  rows(part, items, {
    key: item => `${item.pk} ${item.sk}`,
    make: ({ pk, sk, ...members }) => row([h("code", {}, pk), h("br"), h("code", { class: "soft" }, sk)], cell(h("dl", { class: "members" },
      Object.entries(members).sort().map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", name === "document" ? { class: "long", tabindex: 0 } : {}, readable(name, value))))))),
  });
  part.querySelector(".more").textContent = items.length < matching ? `${items.length} of ${matching} items are shown; ${total} in all.` : `${count(total)} items in all.`;
}

function timers(part) {
  rows(part, (state.stack?.timers ?? []).slice(0, KEPT), {
    key: timer => `${timer.customer} ${timer.timer}`,
    signature: timer => JSON.stringify([timer, span(timer.due_at * 1000 - now())]),
    make: timer => row(words(timer.timer), cell(state.stack.conversations.find(known => known.customer === timer.customer)?.profile_name ?? ""), cell(h("code", {}, timer.customer)), cell(dateTime(timer.due_at)),
      cell(timer.due_at * 1000 > now() ? `${span(timer.due_at * 1000 - now())}` : "due")),
  });
}

async function invocations(part) {
  const all = await get(`/api/invocations?last=${KEPT}`);
  const wanted = filterOf(part);
  rows(part, all.filter(entry => entry.function.includes(wanted)).reverse(), {
    key: entry => entry.n,
    make: entry => row(entry.function, cell(second(entry.at), { title: fullDate(entry.at) }),
      cell(entry.init_ms == null ? "warm" : `cold, ${took(entry.init_ms)}`, { class: entry.init_ms == null ? "" : "strong" }), cell(took(entry.duration_ms)),
      cell(bytes(entry.peak_memory_bytes)), cell(entry.error ?? "ok", { class: entry.error ? "bad" : "" }), cell(h("code", {}, entry.request_id.slice(0, 8)), { title: entry.request_id })),
  });
}

/** A log line in parts: those of Lambda's JSON, or the text as it is. */
function parsed(line) {
  try {
    const { timestamp: _, level, message, target: __, span: around = {}, ...rest } = JSON.parse(line.text);
    const { requestId, name: ___, xrayTraceId: ____, ...ids } = around;
    if (rest._aws) return { level: "METRIC", message: rest._aws.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics.map(({ Name }) => `${Name} ${rest[Name]}`)).filter((text, index, texts) => texts.indexOf(text) === index).join(", "), rest: "" };
    return { level: level ?? "", message: message ?? "", rest: Object.entries({ ...rest, ...ids }).map(([name, value]) => `${name}=${typeof value === "object" ? JSON.stringify(value) : value}`).join(" ") };
  } catch {
    return { level: "", message: line.text, rest: "" };
  }
}

async function logs(part) {
  const all = await get(`/api/logs?last=${KEPT * 2}`);
  const wanted = filterOf(part), least = LEVELS.indexOf(part.querySelector("select").value);
  const shown = all.filter(line => line.function.includes(wanted) || line.text.includes(wanted)).map(line => ({ ...line, ...parsed(line) }))
    .filter(line => !LEVELS.includes(line.level) ? least <= 2 : LEVELS.indexOf(line.level) >= least);
  rows(part, shown.slice(-KEPT).reverse(), {
    key: line => line.n,
    signature: line => String(line.n),
    make: line => row(line.function, cell(second(line.at), { title: fullDate(line.at) }), cell(line.level, { class: `level ${line.level.toLowerCase()}` }),
      cell([h("b", {}, line.message), " ", h("span", { class: "soft" }, line.rest)], { class: "wide" })),
  });
}

async function metrics(part) {
  const wanted = filterOf(part).toLowerCase();
  const all = await get("/api/metrics");
  const shown = all.map(({ dimensions: { Stack: _, ...dimensions }, ...metric }) => ({ ...metric, dimensions: Object.entries(dimensions).map(([name, value]) => `${name} ${value}`).join(", ") }))
    .filter(metric => `${metric.name} ${metric.dimensions}`.toLowerCase().includes(wanted));
  rows(part, shown, {
    key: metric => `${metric.name} ${metric.dimensions}`,
    make: metric => row(metric.name, cell(metric.dimensions), cell(metric.unit === "Milliseconds" ? `${took(metric.sum / metric.count)} on average` : count(metric.sum), { class: "strong" }), cell(count(metric.count), { class: "soft" })),
  });
}

await sheet("panels.css");

const panel = (...content) => h("div", { role: "tabpanel", tabindex: 0 }, ...content);
const filter = (label, hint = label) => h("input", { type: "search", "data-filter": true, "aria-label": label, placeholder: hint });

/** A panel with a table. */
function tabular(columns, nothing, ...before) {
  return () => panel(before.map(make => make()),
    h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": columns[0] }, h("table", {}, h("thead", {}, h("tr", {}, columns.map(name => h("th", { scope: "col" }, name)))), h("tbody"))),
    h("p", { class: "nothing soft" }, nothing), h("div", { class: "more soft" }));
}

const level = () => h("select", { "data-filter": true, "aria-label": "Least level" }, LEVELS.slice(2).map(name => h("option", {}, name)));

/** Each tab's panel: how it is made, how it is filled, and the events after which it is filled again. */
export const PANELS = {
  "tab-queues": { make: tabular(["Queue", "Visible", "In flight", "Delayed", "Dead", "Next change"], "No queues are known yet."), show: queues, on: ["stack"] },
  "tab-table": { make: tabular(["Key", "Members"], "No such item.", () => filter("Part of a key", "Part of a key: CONV, HELD, MSG, OUT, a number")), show: table, on: ["invocation", "reset"] },
  "tab-timers": { make: tabular(["Timer", "Name", "Customer", "Due", "In"], "No timer is armed. A customer who waits arms them."), show: timers, on: ["stack", "tick"] },
  "tab-functions": { make: tabular(["Function", "Ended", "Start", "Duration", "Peak memory", "Result", "Request"], "No function has run yet.", () => filter("Function")), show: invocations, on: ["invocation", "reset"] },
  "tab-logs": { make: tabular(["Function", "Time", "Level", "Line"], "No such line.", () => h("div", { class: "row" }, filter("Text in a line", "Function, id, word"), level())), show: logs, on: ["log", "reset"] },
  "tab-metrics": { make: tabular(["Metric", "Dimension", "Sum", "Values"], "No metric yet.", () => filter("Metric")), show: metrics, on: ["log", "reset"] },
  "tab-dashboard": { make: dashboardPanel, show: showDashboard, on: ["call", "changed", "clock", "reset"] },
  "tab-settings": { make: settingsPanel, on: [] },
  "tab-webhook": { make: webhookPanel, on: [] },
};
