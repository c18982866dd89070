// Where the customer writes: words, quotes, attachments, and a day of silence.

import { customerPath, post } from "./api.js";
import { $, announce, button, disclosure, h, icon } from "./dom.js";
import { gist } from "./messages.js";
import { state } from "./store.js";

/** The entries of the menu: what is sent, its name, its drawing, and whether it takes a caption. */
const ENTRIES = [["photo", "Photo", "photo", true], ["voice", "Voice note", "voice"], ["document", "Document", "document", true], ["location", "Location", "place"], ["contact", "Contact", "person"]];

let quoted = null;

/** Fills the composer. `nameOf` gives the profile name to send along for a customer. */
export function startComposer(attempt, nameOf) {
  const text = $("message"), menu = $("attachments"), any = $("any-file");
  const { close } = disclosure($("attach"), menu);
  const clear = () => { text.value = ""; grow(text); quote(null); };
  const sending = work => attempt(async () => {
    close();
    await work(state.customer, { name: nameOf(state.customer) });
    announce("Sent");
  });

  // The samples are fetched when the first one is sent.
  const attach = (kind, captioned, more = {}) => sending(async (customer, { name }) => {
    const { SENDERS } = await import("./attachments.js");
    const typed = text.value;
    await SENDERS[kind](customer, { name, caption: captioned ? typed.trim() || undefined : undefined, ...more });
    // What is typed meanwhile stays.
    if (captioned && text.value === typed) clear();
  });

  for (const [kind, label, drawing, captioned] of ENTRIES)
    menu.append(button([icon(drawing), label], () => attach(kind, captioned), { "data-part": `send-${kind}` }));
  menu.append(
    h("label", { class: "button" }, icon("clip"), "A file…", any),
    button([icon("clock"), "Wait a day"], () => sending(() => post("/api/clock", { advance_s: 86_400 })), { "data-part": "wait-a-day" }));
  any.hidden = false;
  any.addEventListener("change", () => {
    const [file] = any.files;
    if (file) attach("file", true, { file }).finally(() => { any.value = ""; });
  });

  const write = () => sending(async (customer, { name }) => {
    const body = text.value.trim();
    if (!body) return;
    const message = { type: "text", text: { body }, profile_name: name };
    if (quoted) message.context = { id: quoted.wamid };
    const kept = quoted;
    clear();
    try {
      await post(customerPath(customer, "/messages"), message);
    } catch (error) {
      text.value = body;
      quote(kept);
      throw error;
    }
  });
  $("write").addEventListener("submit", event => { event.preventDefault(); write(); });
  text.addEventListener("keydown", event => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); write(); }
  });
  text.addEventListener("input", () => grow(text));
  $("quote-off").addEventListener("click", () => { quote(null); text.focus(); });
}

/** Lets a field grow with what is written, up to its CSS maximum. */
export function grow(field) {
  field.style.height = "";
  if (field.scrollHeight > field.clientHeight) field.style.height = `${field.scrollHeight + 2}px`;
}

/** Answers to a message, or to none. */
export function quote(message) {
  quoted = message;
  $("quote").hidden = !message;
  $("quote-text").textContent = message ? gist(message) : "";
  if (message) $("message").focus();
}
