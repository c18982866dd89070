// One request: what was said in it, and the agent's answer.

import { api, post, requestPath } from "./api.js";
import { $, announce, button, h, keyed, replace, setText, sheet, stickToEnd } from "./dom.js";
import { fullDate, when, windowOf } from "./format.js";
import { fileNode } from "./messages.js";
import { grow } from "./composer.js";
import { conversationOfRequest, now, state, want, watch } from "./store.js";

await sheet("request.css");

const SHOWN = 100;
const COMMANDS = [
  ["/template name language \"value\"", "internal note: send an approved template", false],
  ["/window", "internal note: how the window and the replies stand", false],
  ["/cancel", "internal note: take off all held replies", false],
  ["/phone", "internal note: ask a customer without a number for it", false],
  ["/reply ", "public: quote the customer's last message", true],
];
const DELIVERY = { waiting: "On its way", sent: "Sent", delivered: "Delivered", read: "Read", held: "Held until the customer writes", failed: "Failed", not_sent: "Not sent" };

// What is written belongs to the request that was chosen when it was.
let attempt, shownComments = SHOWN, files = [], editing = null, writtenFor = null, toEnd;

/** Starts the view of a request. */
export function startRequest(attempting) {
  attempt = attempting;
  toEnd = stickToEnd($("comments"), $("comment-list"));
  const text = $("reply-text");
  $("reply").addEventListener("submit", event => { event.preventDefault(); send(); });
  text.addEventListener("keydown", event => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); send(); }
  });
  text.addEventListener("input", () => { writtenFor = state.requestKey; grow(text); showHints(); });
  for (const name of ["public", "internal"]) $(`reply-${name}`).addEventListener("change", showKind);
  $("reply-files").addEventListener("change", event => { writtenFor = state.requestKey; files = [...event.target.files]; showFiles(); });
  $("edit-off").addEventListener("click", () => edit(null));
  $("comments-earlier").addEventListener("click", () => { shownComments += SHOWN; showRequest(); });
  // The page is drawn a frame after the choice; somebody may have begun to write by then.
  watch(["requestKey"], () => { shownComments = SHOWN; if (writtenFor !== state.requestKey) edit(null); });
  watch(["request", "requestKey", "requests", "stack"], showRequest);
  watch(["time", "stack", "request"], showWindow);
  showKind();
  showRequest();
  showWindow();
}

const isInternal = () => $("reply-internal").checked;

function showKind() {
  $("reply").classList.toggle("internal", isInternal());
  $("reply-text").placeholder = isInternal() ? "Only agents see this" : "The customer gets this on WhatsApp";
  setText($("reply-send"), editing ? "Save" : isInternal() ? "Add note" : "Send reply");
  showHints();
}

function showHints() {
  const typed = $("reply-text").value, hints = $("hints");
  const found = /^\/\S*$/.test(typed) ? COMMANDS.filter(([command]) => command.startsWith(typed)) : [];
  hints.hidden = found.length === 0;
  replace(hints, found.map(([command]) => command), () => found.map(([command, meaning, isPublic]) => button([h("code", {}, command), h("span", {}, meaning)], () => {
    $(isPublic ? "reply-public" : "reply-internal").checked = true;
    $("reply-text").value = command;
    $("reply-text").focus();
    showKind();
    hints.hidden = true;
  })));
}

function showFiles() {
  replace($("reply-chosen"), files.map(file => file.name), names => names.map(name => h("span", { class: "chip" }, name)));
}

function send() {
  const text = $("reply-text"), typed = text.value, body = typed.trim(), key = state.requestKey;
  if (!body && !files.length) return;
  const changing = editing, chosen = files, internal = isInternal();
  edit(null);
  attempt(async () => {
    try {
      const attachments = chosen.length ? await Promise.all(chosen.map((await import("./attachments.js")).encoded)) : [];
      if (changing) await api("PUT", requestPath(key, `/comments/${changing.id}`), { text: body, public: !internal, author: "agent" });
      else await post(requestPath(key, "/comments"), { text: body, public: !internal, author: "agent", attachments });
    } catch (error) {
      // Unless something else is being written by now.
      if (key === state.requestKey && !text.value && !files.length) takeBack(typed, chosen, changing);
      throw error;
    }
    announce(changing ? "Changed" : internal ? "Note added" : "Reply written");
    want("request", "requests");
  });
}

function takeBack(typed, chosen, changing) {
  edit(changing);
  files = chosen;
  $("reply-text").value = typed;
  grow($("reply-text"));
  showFiles();
}

function edit(comment) {
  writtenFor = state.requestKey;
  editing = comment;
  files = [];
  $("reply-files").value = "";
  $("reply-text").value = comment?.text ?? "";
  grow($("reply-text"));
  if (comment) {
    $(comment.public ? "reply-public" : "reply-internal").checked = true;
    $("reply-text").focus();
  }
  $("edit-off").hidden = !comment;
  showFiles();
  showKind();
}

function showRequest() {
  const request = state.request;
  $("request").hidden = !request;
  $("request-none").hidden = Boolean(request) || state.requests.length === 0;
  if (!request) return;
  const { key, summary, status, status_category: category } = request, assignee = request.fields.assignee?.displayName ?? null;
  replace($("request-head"), { key, summary, status, category, assignee }, () => [
    h("h3", { id: "request-title" }, h("span", { class: "key" }, key), " ", summary),
    h("div", { class: "row" },
      h("span", { class: `status ${category}`, "data-part": "status" }, status),
      category === "done" ? button("Reopen", () => move(key, "indeterminate")) : button("Resolve", () => move(key, "done")),
      assignee ? button(`Assigned to ${assignee}`, () => assign(key, null), { title: "Take the assignment away" }) : button("Assign to Ada", () => assign(key, "agent")),
      button("Delete", () => { if (confirm(`Delete ${key} in Jira?`)) attempt(() => api("DELETE", requestPath(key))); }, { class: "quiet" }))]);
  const log = $("comments"), other = log.dataset.request !== key;
  log.dataset.request = key;
  $("comments-earlier").hidden = request.comments.length <= shownComments;
  keyed($("comment-list"), request.comments.slice(-shownComments), {
    key: comment => comment.id,
    signature: comment => JSON.stringify([comment.text, comment.public, comment.updated, comment.attachments, deliveryOf(comment)]),
    make: comment => commentNode(comment, key),
  });
  if (other) toEnd();
}

const move = (key, to) => attempt(async () => { await post(requestPath(key, "/transition"), { to }); want("request", "requests"); });
const assign = (key, to) => attempt(async () => { await api("PUT", requestPath(key, "/assignee"), { to }); want("request"); });

/** Who wrote a comment, for whom. Casement writes the customer's words in public, its notes internally. */
function kindOf(comment) {
  const ours = comment.author.displayName === "Casement";
  if (!comment.public) return ours ? { kind: "note casement", who: "Casement", badge: "Internal note" } : { kind: "note", who: comment.author.displayName, badge: "Internal note" };
  return ours ? { kind: "customer", who: "Customer", badge: "from WhatsApp" } : { kind: "reply", who: comment.author.displayName, badge: comment.author.accountType === "app" ? "Automatic, public" : "Public reply" };
}

/** How far a reply is. */
function deliveryOf(comment) {
  const held = conversationOfRequest(state.requestKey)?.held_replies ?? [];
  if (held.some(reply => reply.comment_id === comment.id)) return "held";
  return comment.properties.casement?.state ?? (conversationOfRequest(state.requestKey) ? "waiting" : null);
}

function commentNode(comment, key) {
  const { kind, who, badge } = kindOf(comment), delivery = kind === "reply" ? deliveryOf(comment) : null;
  return h("li", { class: `comment ${kind}`, "data-part": "comment", "data-id": comment.id },
    h("div", { class: "by" }, h("b", {}, who), h("span", { class: "badge" }, badge),
      h("time", { datetime: comment.created, title: fullDate(comment.created) }, when(comment.created, now())),
      delivery ? h("span", { class: `delivery ${delivery}`, "data-part": "delivery" }, DELIVERY[delivery] ?? delivery) : null, tools(comment, who, kind, key)),
    comment.text ? h("p", {}, comment.text) : null,
    comment.attachments.map(file => fileNode(`/api/attachments/${file.id}`, file.mime_type, file.filename, file.size)));
}

/** What an agent can do with what an agent has written. */
function tools(comment, who, kind, key) {
  if (kind !== "reply" && kind !== "note") return null;
  const remove = () => attempt(async () => { await api("DELETE", requestPath(key, `/comments/${comment.id}`)); want("request"); });
  return h("span", { class: "tools" }, button("Edit", () => edit(comment), { "aria-label": `Edit comment by ${who}` }), button("Delete", remove, { "aria-label": `Delete comment by ${who}` }));
}

function showWindow() {
  const conversation = state.requestKey && conversationOfRequest(state.requestKey), shown = windowOf(conversation, now()), line = $("request-window");
  line.className = `chip ${shown.state}`;
  setText(line, shown.word);
  const late = shown.state === "closed", another = conversation?.control?.holder === "another";
  setText($("reply-warning"), isInternal() ? "" : late ? "The window is closed: a reply is held until the customer writes again."
    : another ? "Another sender answers the customer: a reply takes the conversation over." : "");
}
