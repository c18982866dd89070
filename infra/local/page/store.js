// What the page knows, kept up to date by the stack's events: each part is fetched again only
// when something about it has changed, never more than one fetch at a time, and slower when the
// answers take longer. Views are told once per frame.

import { customerPath, get, raw, requestPath } from "./api.js";

export const CHAT_LENGTH = 200;

export const state = {
  offsetMs: 0, nextOpening: null, stack: null, customers: [], chat: [], chatLength: CHAT_LENGTH, requests: [], request: null,
  faults: [], whatsapp: {}, jira: {}, online: "connecting", customer: null, requestKey: null, loaded: false,
};

const watchers = new Map();
const stale = new Set();
let frame = 0;

/** Calls `show` after any of the parts has changed. */
export function watch(parts, show) {
  for (const part of parts) watchers.set(part, [...(watchers.get(part) ?? []), show]);
}

/** Says that a part has changed. */
export function changed(...parts) {
  for (const part of parts) stale.add(part);
  // A page in the background draws no frames, and catches up by the timer.
  frame ||= document.hidden ? setTimeout(flush, 250) : requestAnimationFrame(flush);
}

function flush() {
  frame = 0;
  const shows = new Set([...stale].flatMap(part => watchers.get(part) ?? []));
  stale.clear();
  for (const show of shows) show();
}

/** The stack's time, in milliseconds. */
export const now = () => Date.now() + state.offsetMs;

const texts = {};

/** Takes a part in as it came, unless it came like that before. */
function take(part, text) {
  if (texts[part] === text) return;
  texts[part] = text;
  state[part] = text ? JSON.parse(text) : null;
  changed(part);
}

const fetchers = {
  async clock() {
    const shown = await get("/api/clock");
    state.offsetMs = shown.offset_s * 1000;
    state.nextOpening = shown.next_opening;
    changed("clock", "time");
  },
  async stack() { take("stack", await raw("/api/state")); },
  async customers() { take("customers", await raw("/api/customers")); },
  async requests() { take("requests", await raw("/api/requests?brief=true")); },
  async faults() {
    const [faults, whatsapp, jira] = await Promise.all([get("/api/faults"), get("/api/whatsapp/options"), get("/api/jira/options")]);
    Object.assign(state, { faults, whatsapp, jira });
    changed("faults");
  },
  async chat() {
    const key = state.customer;
    const chat = key ? await raw(customerPath(key, `/messages?last=${state.chatLength + 1}`)) : "[]";
    if (key === state.customer) take("chat", chat);
  },
  async request() {
    const key = state.requestKey;
    const request = key ? await raw(requestPath(key)) : "";
    if (key === state.requestKey) take("request", request);
  },
};

const runs = Object.fromEntries(Object.keys(fetchers).map(part => [part, { wanted: false, busy: false }]));

/** Has parts fetched again, soon. */
export function want(...parts) {
  for (const part of parts) {
    runs[part].wanted = true;
    if (!runs[part].busy) run(part);
  }
}

async function run(part) {
  const mine = runs[part];
  mine.busy = true;
  while (mine.wanted) {
    mine.wanted = false;
    const started = performance.now();
    try {
      await fetchers[part]();
    } catch (error) {
      if (error.status === 404) take(part, part === "chat" ? "[]" : "");
      else if (error.status !== 0) changed("trouble");
    }
    // The server has better things to do than to answer us.
    const pause = Math.min(1500, Math.max(80, 1.5 * (performance.now() - started)));
    await new Promise(resolve => setTimeout(resolve, pause));
  }
  mine.busy = false;
}

export const wantAll = () => want(...Object.keys(fetchers));

/** Shows another customer's phone, and the request of their conversation. */
export function selectCustomer(key) {
  if (key === state.customer) return;
  setCustomer(key);
  const request = conversationOf(key)?.issue_key ?? newestRequestOf(key);
  followCustomer.last = request;
  if (request !== state.requestKey) setRequest(request ?? null);
}

/** Shows another request, and the phone of its customer. */
export function selectRequest(key) {
  if (key === state.requestKey) want("request");
  else setRequest(key);
  const phone = state.requests.find(request => request.key === key)?.phone?.replace(/\D/g, "");
  const conversation = state.stack?.conversations.find(known => known.issue_key === key);
  const known = state.customers.find(({ customer, profile }) => customer === phone || (conversation && speaksTo(conversation, [customer, profile.user_id])));
  const customer = known?.customer ?? phone;
  if (customer && customer !== state.customer) setCustomer(customer);
}

function setCustomer(key) {
  Object.assign(state, { customer: key, chat: [], chatLength: CHAT_LENGTH });
  delete texts.chat;
  changed("customer", "chat");
  want("chat");
}

function setRequest(key) {
  Object.assign(state, { requestKey: key, request: null });
  delete texts.request;
  changed("requestKey", "request");
  want("request");
}

const speaksTo = (conversation, names) => [conversation.phone, conversation.user_id, conversation.customer].some(name => name && names.includes(name));

/** The bridge's conversation with a customer, who may show a username alone. */
export function conversationOf(key) {
  const names = [key, state.customers.find(known => known.customer === key)?.profile.user_id];
  return state.stack?.conversations.find(conversation => speaksTo(conversation, names));
}

/** The bridge's conversation of a request. */
export const conversationOfRequest = key => state.stack?.conversations.find(conversation => conversation.issue_key === key);

const newestRequestOf = key => state.requests.findLast(request => request.phone?.replace(/\D/g, "") === key)?.key;

/** After new data: a first request, or the next one, of the customer on the phone is shown. */
export function followCustomer() {
  const current = conversationOf(state.customer)?.issue_key;
  if (!current || current === followCustomer.last) return;
  followCustomer.last = current;
  if (current !== state.requestKey) setRequest(current);
}

/** Says whether the stack answers. */
function setOnline(online) {
  if (state.online === online) return;
  state.online = online;
  changed("online");
}

/** Listens to the stack; `heard` sees every event. */
export function listen(heard) {
  const events = new EventSource("/api/events");
  const on = (kind, act) => events.addEventListener(kind, event => {
    const data = event.data ? JSON.parse(event.data) : {};
    act(data);
    heard(kind, data);
  });
  events.onopen = () => { setOnline("live"); wantAll(); };
  events.onerror = () => setOnline("away");
  on("changed", ({ what }) => {
    if (what === "whatsapp") want("customers", "chat");
    else if (what === "jira") want("requests", "request");
    else if (what === "queues") want("stack");
    else if (what === "faults") want("faults");
    else if (what === "settings") want("clock");
    else wantAll();
  });
  on("clock", ({ offset_s }) => { state.offsetMs = offset_s * 1000; changed("clock", "time"); wantAll(); });
  on("invocation", () => want("stack", "faults"));
  on("call", ({ service }) => {
    if (service === "jira") want("requests", "request");
    if (service === "whatsapp") want("customers", "chat");
  });
  on("log", () => {});
  on("reset", () => {
    Object.assign(state, { request: null, requestKey: null, chat: [] });
    for (const part of Object.keys(texts)) delete texts[part];
    followCustomer.last = null;
    changed("chat", "request", "requestKey");
    wantAll();
  });
}
