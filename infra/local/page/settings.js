// The settings document, and webhooks written by hand.

import { api, get } from "./api.js";
import { button, h, setText } from "./dom.js";
import { now } from "./store.js";

const EXAMPLES = {
  whatsapp: () => ({
    object: "whatsapp_business_account",
    entry: [{ id: "102290129340398", changes: [{ field: "messages", value: {
      messaging_product: "whatsapp", metadata: { display_phone_number: "15550783881", phone_number_id: "106540352242922" },
      contacts: [{ profile: { name: "Ada" }, wa_id: "491701234567" }],
      messages: [{ from: "491701234567", id: `wamid.HAND${Math.floor(now())}`, timestamp: String(Math.floor(now() / 1000)), type: "text", text: { body: "By hand" } }] } }] }],
  }),
  jira: () => ({ timestamp: Math.floor(now()), webhookEvent: "comment_created", comment: { id: "20001" }, issue: { id: "10001", key: "SUP-1" } }),
};

const panel = (...content) => h("div", { role: "tabpanel", class: "editor" }, ...content);
const choice = (label, options) => h("select", { "aria-label": label }, options.map(([value, text]) => h("option", { value }, text)));

/** The editor of the settings. */
export function settingsPanel(attempt) {
  const told = h("span", { id: "settings-told", role: "status" });
  const field = h("textarea", { id: "settings-text", "aria-label": "Settings (TOML)", "aria-describedby": "settings-told", spellcheck: "false", oninput: () => say("Changed, not applied.") });
  const say = (text, kind = "") => { setText(told, text); told.className = kind; };
  const check = button("Check", () => put(true), { id: "settings-check" });
  const apply = button("Apply", () => put(false), { id: "settings-apply", class: "primary" });
  // What is typed while the document is on its way would be replaced by it.
  const wait = isWaiting => { field.readOnly = check.disabled = apply.disabled = isWaiting; };
  let isLoaded = false;
  const load = () => attempt(async () => {
    wait(true);
    try {
      field.value = await get("/api/settings");
      isLoaded = true;
      say("These are in force.");
    } finally {
      wait(!isLoaded);
    }
  });
  const put = async dryRun => {
    try {
      const { version } = await api("PUT", `/api/settings${dryRun ? "?dry_run=true" : ""}`, field.value);
      say(dryRun ? "Valid. Nothing is changed yet." : `Applied as version ${version}. Functions look again within a minute.`, "good");
    } catch (error) {
      say(error.message, "bad");
      pointAt(field, Number(/line (\d+)/.exec(error.message)?.[1]));
    }
  };
  load();
  return panel(field, h("div", { class: "row" }, check, apply,
    button("Load again", load, { class: "quiet" }), told));
}

/** Selects a line, and scrolls to it. */
function pointAt(field, line) {
  if (!line) return;
  const lines = field.value.split("\n"), start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  field.focus();
  field.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  field.scrollTop = (line - 4) * (field.scrollHeight / lines.length);
}

/** The form for webhooks. */
export function webhookPanel(attempt) {
  const body = h("textarea", { id: "webhook-body", "aria-label": "Body (JSON)", spellcheck: "false" });
  const to = choice("From", [["whatsapp", "From WhatsApp"], ["jira", "From Jira"]]);
  const sign = choice("Signature", [["", "Signed"], ["none", "Without signature"], ["wrong", "Wrong signature"]]);
  const told = h("span", { id: "webhook-told", role: "status" });
  const fill = () => { body.value = JSON.stringify(EXAMPLES[to.value](), null, 2); };
  const send = event => {
    event.preventDefault();
    attempt(async () => {
      const { status, body: answer } = await api("POST", `/api/webhooks/${to.value}${sign.value ? `?sign=${sign.value}` : ""}`, body.value);
      told.className = status < 300 ? "good" : "bad";
      setText(told, `The product answered ${status}${answer ? `: ${typeof answer === "string" ? answer : JSON.stringify(answer)}` : ""}.`);
    });
  };
  fill();
  to.addEventListener("change", fill);
  return panel(h("form", { id: "webhook", onsubmit: send }, body,
    h("div", { class: "row" }, to, sign, h("button", { class: "primary" }, "Post"), button("Example", fill, { class: "quiet" }), told)));
}
