// Jira's dashboard: what agents look at, as the simulated site shows it.

import { get } from "./api.js";
import { button, h, replace } from "./dom.js";
import { count, dateTime, fullDate, span } from "./format.js";
import { now, selectRequest } from "./store.js";

/** The panel, empty. */
export const dashboardPanel = () => h("div", { role: "tabpanel", tabindex: 0 }, h("div", { class: "boards" }));

/** Fills the panel with what the filters find now. */
export async function showDashboard(part) {
  const boards = await get("/api/jira/dashboards");
  const minute = Math.floor(now() / 60_000);
  replace(part.querySelector(".boards"), [boards, minute], () => boards.length ? boards.map(board) : nothing());
}

const nothing = () => h("div", { class: "empty", id: "no-dashboard" },
  h("p", {}, "Jira has no dashboard yet."),
  h("p", { class: "soft" }, "It is made here as at a real site: ", h("code", {}, "casement connect jira --views --local"), ", then put the lines that it prints into the tab Settings."));

const board = ({ id, name, gadgets }) => h("section", { class: "board", "data-part": "dashboard", "aria-labelledby": `board-${id}` },
  h("h3", { id: `board-${id}` }, name),
  gadgets.toSorted((one, other) => one.column - other.column || one.row - other.row).map(gadget));

const gadget = ({ id, title, color, filter, fields, issues }) => h("section", { class: `gadget ${color}`, "data-part": "gadget", "aria-labelledby": `gadget-${id}` },
  h("h4", { id: `gadget-${id}` }, title, " ", h("span", { class: "chip" }, count(issues.length))),
  issues.length ? h("table", {},
    h("thead", {}, h("tr", {}, ["Key", "Summary", "Status", "Assignee", ...fields.map(field => field.name)].map(name => h("th", { scope: "col" }, name)))),
    h("tbody", {}, issues.map(issue => row(issue, fields)))) : h("p", { class: "soft" }, "No request."),
  h("p", { class: "soft" }, h("code", {}, filter?.jql ?? "")));

const row = ({ key, summary, status, assignee, fields: values }, fields) => h("tr", {},
  h("th", { scope: "row" }, button(key, () => selectRequest(key), { class: "quiet" })),
  h("td", {}, summary), h("td", {}, status), h("td", {}, assignee?.displayName ?? "Nobody"),
  fields.map(field => h("td", { "data-field": field.name }, value(field, values[field.id]))));

/** A value as Jira shows it; a time also says how far it is. */
function value({ type }, given) {
  if (given == null) return "";
  if (type !== "datetime") return String(given);
  const left = Date.parse(given.replace(/([+-]\d\d)(\d\d)$/, "$1:$2")) - now();
  return h("time", { title: fullDate((now() + left) / 1000) }, `${dateTime((now() + left) / 1000)} (${left > 0 ? `in ${span(left)}` : `${span(-left)} ago`})`);
}
