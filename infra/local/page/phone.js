// The customer's phone: the list of chats, and one chat.

import { customerPath, post } from "./api.js";
import { $, announce, button, h, keyed, replace, setText, stickToEnd } from "./dom.js";
import { phoneNumber, when } from "./format.js";
import { bubble, bubbleSignature, chatItems, gist, updateBubble } from "./messages.js";
import { quote, startComposer } from "./composer.js";
import { CHAT_LENGTH, changed, now, selectCustomer, state, want, watch } from "./store.js";

/** People to play, whose countries speak different languages in the development settings. */
const PEOPLE = [["491701234567", "Ada"], ["33612345678", "Léa"], ["5511987654321", "João"]];
const OPENERS = ["Hello, where is my parcel?", "The lamp arrived broken.", "Thanks"];
const LISTED = 60;

const names = new Map(PEOPLE);
let listShown = false, attempt, toEnd;

const nameOf = key => names.get(key) ?? state.customers.find(known => known.customer === key)?.profile.profile_name ?? "";
const hue = key => [...key].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7);

function avatar(key) {
  const node = h("span", { class: "avatar", "aria-hidden": "true" }, [...(nameOf(key) || key)][0]?.toUpperCase() ?? "?");
  node.style.setProperty("--hue", hue(key));
  return node;
}

/** Starts the phone. `attempting` runs work and shows what goes wrong. */
export function startPhone(attempting) {
  attempt = attempting;
  toEnd = stickToEnd($("chat"), $("bubbles"));
  startComposer(attempt, nameOf);
  $("chats-open").addEventListener("click", () => showList(true));
  $("chats-search").addEventListener("input", showChats);
  $("read").addEventListener("click", () => attempt(async () => {
    const { read } = await post(customerPath(state.customer, "/read"));
    announce(read ? "Read" : "Everything was read already");
  }));
  $("new-customer").addEventListener("submit", event => {
    event.preventDefault();
    const key = $("new-phone").value.replace(/\D/g, "");
    if (!/^\d{5,15}$/.test(key)) {
      $("new-phone").setCustomValidity("5 to 15 digits, with the country code");
      $("new-phone").reportValidity();
      return;
    }
    names.set(key, $("new-name").value.trim() || "Customer");
    event.target.reset();
    choose(key);
  });
  $("new-phone").addEventListener("input", () => $("new-phone").setCustomValidity(""));
  watch(["customers", "customer"], showChats);
  watch(["chat", "customer", "customers"], showChat);
  const remembered = localStorage.getItem("casement-customer");
  selectCustomer(/^[\w.]{5,40}$/.test(remembered ?? "") ? remembered : PEOPLE[0][0]);
  showList(false);
}

function choose(key) {
  localStorage.setItem("casement-customer", key);
  quote(null);
  selectCustomer(key);
  showList(false);
  $("message").focus();
}

function showList(shown) {
  listShown = shown;
  $("chats").hidden = !shown;
  $("chat-view").hidden = shown;
  showChats();
  if (shown) $("chats-search").focus();
}

function showChats() {
  if (!listShown) return;
  const asked = $("chats-search").value.trim().toLowerCase();
  const known = new Map(state.customers.map(customer => [customer.customer, customer]));
  const all = [
    ...state.customers.toSorted((a, b) => (b.last?.timestamp ?? 0) - (a.last?.timestamp ?? 0)).map(customer => customer.customer),
    ...[...names.keys()].filter(key => !known.has(key))];
  const found = asked ? all.filter(key => `${nameOf(key)} ${key}`.toLowerCase().includes(asked)) : all;
  keyed($("chat-list"), found.slice(0, LISTED).map(key => ({ key, name: nameOf(key), last: known.get(key)?.last, chosen: key === state.customer })), {
    key: item => item.key,
    make: ({ key, name, last, chosen }) => h("li", {}, button([avatar(key), h("span", { class: "who" }, h("b", {}, name || phoneNumber(key)),
      h("span", {}, last ? gist(last) : "Has not written yet")), last ? h("time", {}, when(last.timestamp, now())) : null], () => choose(key), { "aria-current": chosen ? "true" : null })),
  });
  setText($("chats-more"), found.length === 0 ? "Nobody of that name or number." : found.length > LISTED ? `${LISTED} of ${found.length} are shown. Search to find the others.` : "");
}

function showChat() {
  const key = state.customer, log = $("chat");
  replace($("chat-who"), { key, name: nameOf(key) }, () => [avatar(key), h("span", { class: "who" }, h("b", { id: "chat-name" }, nameOf(key) || phoneNumber(key)), h("span", {}, phoneNumber(key)))]);
  const hasEarlier = state.chat.length > state.chatLength;
  const shown = hasEarlier ? state.chat.slice(-state.chatLength) : state.chat;
  $("chat-earlier").hidden = !hasEarlier;
  $("chat-empty").hidden = shown.length > 0;
  const other = log.dataset.customer !== key;
  log.dataset.customer = key;
  keyed($("bubbles"), chatItems(shown), {
    key: item => item.key,
    signature: bubbleSignature,
    make: item => bubble(item, { customer: key, attempt, onquote: quote }),
    update: updateBubble,
  });
  if (other) toEnd();
  replace($("chat-empty"), { key, name: nameOf(key) }, () => [
    h("p", {}, `${nameOf(key) || "This customer"} has not written yet.`),
    h("p", { class: "soft" }, "Write as the customer. Casement opens a request for the agents on the other side."),
    h("div", { class: "chips" }, OPENERS.slice(0, 2).map(body => button(body, () => attempt(() =>
      post(customerPath(key, "/messages"), { type: "text", text: { body }, profile_name: nameOf(key) || undefined })))))]);
}

/** Shows more of the past. */
export function showEarlier() {
  state.chatLength += CHAT_LENGTH;
  changed("chat");
  want("chat");
}
