// Meta's side: who holds the conversation, what other senders answer, calls, and news of the account.

import { api, customerPath, post } from "./api.js";
import { $, announce, button, h, setText, sheet } from "./dom.js";
import { state, want, watch } from "./store.js";

await sheet("meta.css");

const BY = [["", "Whoever holds it"], ["meta_agent", "Meta's agent"], ["business_app", "WhatsApp Business app"]];
const FREE = 1000;

/** News of the account: what the button says, what it is about, and the webhook. */
const EVENTS = [
  ["Restricted", "no messages to customers who have not written", { event: "ACCOUNT_RESTRICTION" }],
  ["Quality flagged", "the number's quality is low", { field: "phone_number_quality_update", event: "FLAGGED" }],
  ["Quality fine again", "the number's quality has recovered", { field: "phone_number_quality_update", event: "UNFLAGGED" }],
  ["Name rejected", "the name that customers see", { field: "phone_number_name_update", decision: "REJECTED" }],
  ["Marketing tomorrow", "a change of a template's category is announced", { field: "template_category_update", new_category: "UTILITY", correct_category: "MARKETING" }],
  ["Marketing now", "a template's category has changed", { field: "template_category_update", previous_category: "UTILITY", new_category: "MARKETING" }],
];

const known = () => state.customers.find(one => one.customer === state.customer);
const holder = () => Object.values(known()?.holders ?? {})[0] ?? state.whatsapp.default_holder;
const call = (what, body) => post(customerPath(state.customer, `/${what}`), body);
const option = (name, on, off) => ({ isOn: () => state.whatsapp[name] === on, set: wanted => post("/api/whatsapp/options", { [name]: wanted ? on : off }) });

const SWITCHES = [
  { id: "agent", label: "Meta's agent holds it", hint: "messages come on standby", isOn: () => holder() === "meta_agent", set: on => call("handover", on ? { to: "meta_agent" } : { to: "casement", summary: "The customer asked for a person." }) },
  { id: "agent-first", label: "Meta's agent first", hint: "after a day of silence it gets the next message", ...option("default_holder", "meta_agent", "casement") },
  { id: "username", label: "Username only", hint: "Meta leaves out the phone number", isOn: () => Boolean(known()?.profile.hide_phone), set: hide_phone => api("PUT", customerPath(state.customer), { hide_phone, profile_name: nameShown() }) },
  { id: "billed", label: "Free tier used up", hint: "free text is billed, too", ...option("free_messages", 0, FREE) },
];

const nameShown = () => $("chat-name")?.textContent;

/** Fills the part. */
export function startMeta(attempt) {
  const told = work => attempt(async () => {
    try { announce(await work()); } finally { want("customers", "chat", "faults"); }
  });
  $("meta").append(h("div", { class: "parts" }, switches(told), answers(told), calls(told), events(told)));
  watch(["customers", "customer", "faults"], show);
  show();
}

function switches(told) {
  return h("section", { class: "switches" }, SWITCHES.map(({ id, label, hint, isOn, set }) => {
    const box = h("input", { type: "checkbox", role: "switch", id: `meta-${id}`, "aria-describedby": `meta-hint-${id}` });
    box.addEventListener("change", () => {
      const on = box.checked;
      told(async () => {
        try { await set(on); } catch (error) { box.checked = isOn(); throw error; }
        return `${label}: ${on ? "on" : "off"}`;
      });
    });
    return h("label", {}, box, h("span", {}, h("b", {}, label), h("small", { id: `meta-hint-${id}` }, hint)));
  }));
}

function answers(told) {
  const text = h("input", { id: "meta-text", "aria-label": "Their answer", placeholder: "Answer as another sender", autocomplete: "off", required: true });
  const by = h("select", { id: "meta-by", "aria-label": "Who answers" }, BY.map(([value, label]) => h("option", { value }, label)));
  const form = h("form", { "aria-label": "Another sender" }, text, by, h("button", {}, "Answer"));
  form.addEventListener("submit", event => {
    event.preventDefault();
    const body = text.value.trim();
    if (!body) return;
    text.value = "";
    told(async () => {
      try {
        const { by: sender } = await call("echo", { text: body, by: by.value || undefined });
        return `Answered by ${BY.find(([value]) => value === sender)[1]}`;
      } catch (error) {
        text.value ||= body;
        throw error;
      }
    });
  });
  return h("section", {}, h("h4", {}, "Another sender answers"), form);
}

function calls(told) {
  const ring = more => told(async () => {
    await call("call", { profile_name: nameShown(), ...more });
    return more.answered ? "The customer called and was answered" : "The customer called and was not answered";
  });
  return h("section", {}, h("h4", {}, "The customer calls"), h("div", { class: "row" },
    button("Missed call", () => ring({})), button("Answered, 2 min", () => ring({ answered: true, duration_s: 120 }))));
}

function events(told) {
  const list = EVENTS.map(([label, title, event]) => button(label, () => told(async () => {
    await post("/api/whatsapp/account_events", event);
    return `Meta says: ${label}`;
  }), { title }));
  return h("section", {}, h("h4", {}, "Meta tells of the account"), h("div", { class: "row", role: "group", "aria-label": "News of the account" }, list));
}

function show() {
  for (const { id, isOn } of SWITCHES) $(`meta-${id}`).checked = isOn();
  setText($("meta-who"), holder() === "meta_agent" ? "Meta's agent holds this conversation" : "");
}
