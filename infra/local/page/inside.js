// The inside of the stack: tabs, of which only the chosen one is kept up to date.

import { $ } from "./dom.js";

let chosen = null, pending = 0, panels = {}, attempt;

/** Starts the tabs. */
export function startInside(attempting) {
  attempt = attempting;
  const tabs = [...$("inside-tabs").children];
  const choose = (tab, focus) => {
    // A second press on the chosen tab folds everything away.
    chosen = tab.id === chosen && !focus ? null : tab.id;
    for (const other of tabs) {
      const selected = other.id === chosen;
      other.setAttribute("aria-selected", String(selected));
      other.tabIndex = selected || (!chosen && other === tab) ? 0 : -1;
    }
    $("inside").classList.toggle("open", Boolean(chosen));
    $("inside-close").hidden = !chosen;
    if (focus) tab.focus();
    refresh();
  };
  for (const tab of tabs) {
    tab.addEventListener("click", () => choose(tab, false));
    tab.addEventListener("keydown", event => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const next = step ? tabs.at((tabs.indexOf(tab) + step) % tabs.length) : { Home: tabs[0], End: tabs.at(-1) }[event.key];
      if (!next) return;
      event.preventDefault();
      choose(next, true);
    });
  }
  $("inside-close").addEventListener("click", () => {
    const tab = $(chosen);
    choose(tab, false);
    tab.focus();
  });
  $("panels").addEventListener("input", event => { if (event.target.closest("[data-filter]")) refresh(); });
  document.addEventListener("tick", () => refreshInside("tick"));
}

/** Opens the panels on a narrow screen, where the tabs are a place of their own. */
export function openInside() {
  if (!chosen) $("tab-queues").click();
}

/** Something has happened: the chosen tab looks again, a few times a second at most. */
export function refreshInside(kind) {
  if (!pending && panels[chosen]?.on.includes(kind)) pending = setTimeout(refresh, 400);
}

// What is inside is fetched when somebody looks.
async function refresh() {
  clearTimeout(pending);
  pending = 0;
  await attempt(async () => {
    if (chosen) ({ PANELS: panels } = await import("./panels.js"));
    const tab = $(chosen);
    if (tab && !$(`panel-${chosen}`)) {
      const part = panels[chosen].make(attempt);
      part.id = `panel-${chosen}`;
      part.setAttribute("aria-labelledby", chosen);
      tab.setAttribute("aria-controls", part.id);
      $("panels").append(part);
    }
    for (const part of $("panels").children) part.hidden = part.id !== `panel-${chosen}`;
    await panels[chosen]?.show?.($(`panel-${chosen}`));
  });
}
