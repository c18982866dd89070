// The bubbles of the chat.

import { customerPath, post } from "./api.js";
import { announce, button, h, icon, setText } from "./dom.js";
import { bytes, dayOf, fullDate, hour } from "./format.js";

const EMOJIS = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

/** A file as a browser can show it, else a link to it. */
export function fileNode(url, mimeType, name, size) {
  const kind = (mimeType ?? "").split("/")[0];
  if (kind === "image") return h("a", { href: url, target: "_blank", class: "picture" }, h("img", { src: url, alt: name, loading: "lazy" }));
  if (kind === "audio") return h("audio", { src: url, controls: true, preload: "none", "aria-label": name });
  if (kind === "video") return h("video", { src: url, controls: true, preload: "none", "aria-label": name });
  return h("a", { href: url, target: "_blank", class: "file" }, icon("document"), h("span", {}, name), size == null ? null : h("small", {}, bytes(size)));
}

/** What a message says in one line, for quotes and lists. */
export function gist(message) {
  if (!message) return "A message that is not shown";
  if (message.text) return message.text;
  return { image: "Photo", audio: "Voice note", video: "Video", document: "Document", sticker: "Sticker", location: "Location", contacts: "Contact" }[message.type] ?? `[${message.type}]`;
}

/** Whether a reaction takes back an earlier one. */
const byWamid = messages => new Map(messages.map(message => [message.wamid, message]));

/** The chat as the phone draws it: days, and bubbles with what they quote and the reactions to them. */
export function chatItems(messages) {
  const known = byWamid(messages), reactions = new Map(), items = [];
  for (const message of messages)
    if (message.type === "reaction" && known.has(message.context_wamid)) reactions.set(message.context_wamid, message.text);
  let day = "";
  for (const message of messages) {
    if (message.type === "reaction" && known.has(message.context_wamid)) continue;
    const itsDay = dayOf(message.timestamp);
    if (itsDay !== day) items.push({ day: day = itsDay, key: `day ${itsDay} ${message.wamid}` });
    const quoted = message.context_wamid && message.type !== "reaction" ? known.get(message.context_wamid) ?? null : undefined;
    items.push({ key: message.wamid, message, quoted, reaction: reactions.get(message.wamid) });
  }
  return items;
}

/** What makes a bubble another one; its ticks and reactions change in place. */
export const bubbleSignature = ({ day, message, quoted }) =>
  day ?? JSON.stringify([message.text, message.type, message.media, message.buttons, message.template, message.error, gist(quoted ?? undefined), message.status === "failed"]);

const SENDERS = { meta_agent: "Meta's agent", business_app: "WhatsApp Business app" };

/** A bubble, or the name of a day. `onquote` is called with a message to answer to. */
export function bubble({ day, message, quoted }, { customer, attempt, onquote }) {
  if (day) return h("div", { class: "day" }, day);
  const mine = message.direction === "in", failed = message.status === "failed" && !mine;
  const body = message.media?.id
    ? [fileNode(`/api/media/${encodeURIComponent(message.media.id)}`, message.media.mime_type, message.media.filename ?? gist({ type: message.type }), message.media.size),
      message.text && message.text !== message.media.filename ? h("p", {}, message.text) : null]
    : h("p", {}, DRAWN[message.type] ? [icon(DRAWN[message.type]), " "] : null, message.type === "reaction" ? "Reacted " : "", message.text || gist(message));
  const time = h("time", { datetime: new Date(message.timestamp * 1000).toISOString(), title: fullDate(message.timestamp) }, hour(message.timestamp));
  const actions = h("div", { class: "actions", role: "group", "aria-label": "Answer this message", hidden: true },
    EMOJIS.map(emoji => button(emoji, () => attempt(async () => {
      actions.hidden = true;
      await post(customerPath(customer, "/messages"), { type: "reaction", reaction: { message_id: message.wamid, emoji } });
    }), { "aria-label": `React with ${emoji}` })),
    button("Reply", () => { actions.hidden = true; onquote(message); }));
  const opener = button(icon("more"), () => {
    actions.hidden = !actions.hidden;
    opener.setAttribute("aria-expanded", String(!actions.hidden));
    if (!actions.hidden) actions.querySelector("button").focus();
  }, { class: "opener", "aria-label": "React or reply", "aria-expanded": "false" });
  const node = h("div", { class: `bubble ${mine ? "mine" : "theirs"}${failed ? " failed" : ""}`, "data-part": "bubble", "data-wamid": message.wamid },
    h("span", { class: "sr" }, mine ? "Customer:" : "Business:"),
    message.template ? h("small", { class: "tag" }, `Template ${message.template.name} (${message.template.language})`) : null,
    SENDERS[message.sender] ? h("small", { class: "tag" }, SENDERS[message.sender]) : null,
    quoted === undefined ? null : h("blockquote", {}, gist(quoted)),
    body,
    failed ? h("p", { class: "why" }, `Did not reach the phone: ${message.error?.title ?? "failed"}${message.error ? ` (${message.error.code})` : ""}`) : null,
    h("div", { class: "meta" }, opener, time, mine ? h("span", { class: "ticks" }) : null),
    h("span", { class: "reaction", hidden: true }),
    actions,
    message.buttons?.length ? h("div", { class: "buttons" }, message.buttons.map(shown => tapButton(shown, message, customer, attempt))) : null);
  return node;
}

const DRAWN = { location: "place", contacts: "person" };

function tapButton(shown, message, customer, attempt) {
  if (shown.link) return h("a", { href: shown.link, target: "_blank", rel: "noreferrer" }, shown.title);
  return button(shown.title, () => attempt(async () => {
    await post(customerPath(customer, "/tap"), { wamid: message.wamid, button_id: shown.id });
    announce(`Tapped ${shown.title}`);
  }));
}

/** What changes about a bubble that stays. */
export function updateBubble(node, { message, reaction }) {
  if (!message) return;
  const ticks = node.querySelector(".ticks"), shown = node.querySelector(".reaction");
  if (ticks) {
    ticks.classList.toggle("read", message.status === "read");
    setText(ticks, "✓✓");
    ticks.setAttribute("role", "img");
    ticks.setAttribute("aria-label", message.status === "read" ? "Read" : "Delivered");
  }
  setText(shown, reaction ?? "");
  shown.hidden = !reaction;
}
