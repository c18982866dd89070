// Builds nodes. Data only ever becomes text or attributes, never markup.

const SVG = "http://www.w3.org/2000/svg";

/** The part of the page with this id. */
export const $ = id => document.getElementById(id);

/** An element with properties (`class`, `on…` handlers, attributes) and children; empty ones are left out. */
export function h(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value == null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name === "value" || name === "checked") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter(child => child != null && child !== false && child !== ""));
  return node;
}

/** A button that does something. */
export function button(label, onclick, properties = {}) {
  return h("button", { type: "button", onclick, ...properties }, label);
}

/** An SVG element. */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

const ICONS = {
  back: "M15 5l-7 7 7 7", plus: "M12 5v14M5 12h14", send: "M4 12l16-8-5 16-3-7-8-1z", close: "M6 6l12 12M18 6L6 18",
  more: "M6 12h.01M12 12h.01M18 12h.01", clip: "M20 11l-8.5 8.5a5 5 0 01-7-7L13 4a3.5 3.5 0 015 5l-8.5 8.5a2 2 0 01-3-3L14 7",
  photo: "M4 6h16v13H4zM4 16l5-5 4 4 3-3 4 4M15.5 9.5h.01", voice: "M12 4a2.5 2.5 0 00-2.5 2.5v5a2.5 2.5 0 005 0v-5A2.5 2.5 0 0012 4zM6 11a6 6 0 0012 0M12 17v3",
  document: "M7 3h7l4 4v14H7zM14 3v4h4M10 12h5M10 16h5", place: "M12 21s-6-6-6-11a6 6 0 0112 0c0 5-6 11-6 11zM12 12a2 2 0 100-4 2 2 0 000 4z",
  person: "M12 11a3.5 3.5 0 100-7 3.5 3.5 0 000 7zM5 20c0-4 3-6 7-6s7 2 7 6", clock: "M12 21a9 9 0 100-18 9 9 0 000 18zM12 7v5l3 2",
  eye: "M2 12s4-6 10-6 10 6 10 6-4 6-10 6S2 12 2 12zM12 14.5a2.5 2.5 0 100-5 2.5 2.5 0 000 5z", check: "M5 12l5 5L20 7",
};

/** A small drawing beside words; not read out. */
export function icon(name) {
  return svg("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("path", { d: ICONS[name] }));
}

/** Fetches a style sheet of the page; the promise waits until it is in force. */
export function sheet(name) {
  const link = h("link", { rel: "stylesheet", href: `/page/${name}` });
  const loaded = new Promise(resolve => { link.onload = link.onerror = resolve; });
  document.head.append(link);
  return loaded;
}

/** Sets a text only when it differs, so that nothing is read out or selected anew. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Replaces the children unless they would be made of the same data. */
export function replace(parent, data, make) {
  const signature = JSON.stringify(data);
  if (parent.__shown === signature) return;
  parent.__shown = signature;
  parent.replaceChildren(...[make(data)].flat().filter(child => child != null));
}

/**
 * Makes the children of `parent` those of `items`: a node is made for a new key, made anew when
 * `signature` differs, moved when the order does, and otherwise left alone; `update` sees all.
 */
export function keyed(parent, items, { key, signature = JSON.stringify, make, update }) {
  const known = parent.__keyed ??= new Map();
  const wanted = new Set();
  let place = parent.firstElementChild;
  for (const item of items) {
    const id = key(item), made = signature(item);
    wanted.add(id);
    let entry = known.get(id);
    if (!entry || entry.made !== made) {
      const node = make(item);
      if (entry) {
        if (place === entry.node) place = node;
        entry.node.replaceWith(node);
      }
      entry = { node, made };
      known.set(id, entry);
    }
    if (entry.node === place) place = place.nextElementSibling;
    else parent.insertBefore(entry.node, place);
    update?.(entry.node, item);
  }
  for (const [id, { node }] of known) {
    if (wanted.has(id)) continue;
    node.remove();
    known.delete(id);
  }
}

/** Keeps a log at its end while it grows, unless somebody has scrolled up. The answer scrolls there. */
export function stickToEnd(log, content) {
  let stuck = true;
  const toEnd = () => { stuck = true; log.scrollTop = log.scrollHeight; };
  log.addEventListener("scroll", () => { stuck = log.scrollHeight - log.scrollTop - log.clientHeight < 40; });
  const watcher = new ResizeObserver(() => { if (stuck) toEnd(); });
  watcher.observe(content);
  watcher.observe(log);
  return toEnd;
}

/** Tells screen readers, once it is quiet. */
export function announce(text) {
  setText($("announcer"), text);
}

/** A button that opens and closes what it names; Escape and a click elsewhere close it. */
export function disclosure(opener, panel) {
  opener.setAttribute("aria-expanded", "false");
  opener.setAttribute("aria-controls", panel.id);
  panel.hidden = true;
  const set = open => {
    if (panel.hidden === !open) return;
    panel.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    if (open) panel.querySelector("button, input, select, textarea")?.focus();
    else if (panel.contains(document.activeElement) || document.activeElement === document.body) opener.focus();
  };
  opener.addEventListener("click", () => set(panel.hidden));
  document.addEventListener("keydown", event => { if (event.key === "Escape" && !panel.hidden) set(false); });
  document.addEventListener("pointerdown", event => {
    if (!panel.hidden && !panel.contains(event.target) && !opener.contains(event.target)) set(false);
  });
  return { close: () => set(false) };
}
