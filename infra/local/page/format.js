// Dates and numbers as the viewer writes them, times as words.

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const clockSeconds = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short" });
const dayAndTime = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const precise = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });
const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

/** A moment given as unix seconds, RFC 3339 or Date. */
export const date = value => new Date(typeof value === "number" ? value * 1000 : value);

/** The hour of a moment of today, else the day too. */
export function when(value, now) {
  const moment = date(value);
  return moment.toDateString() === new Date(now).toDateString() ? clock.format(moment) : dayAndTime.format(moment);
}

export const hour = value => clock.format(date(value));
export const second = value => clockSeconds.format(date(value));
export const dayOf = value => day.format(date(value));
export const dateTime = value => dayAndTime.format(date(value));
export const preciseDate = value => precise.format(date(value));
export const fullDate = value => full.format(date(value));
export const count = value => whole.format(value);

/** A stretch of time in its two largest units. */
export function span(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const units = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];
  const first = units.findIndex(([, size]) => seconds >= size);
  if (first < 0) return "0 s";
  const [name, size] = units[first], [next, nextSize] = units[first + 1] ?? [];
  const rest = next ? Math.floor((seconds % size) / nextSize) : 0;
  return `${Math.floor(seconds / size)} ${name}${rest && name !== "min" ? ` ${rest} ${next}` : ""}`;
}

/** The window of a conversation at `now`: its state in a word, and what is left of it. */
export function windowOf(conversation, now) {
  if (!conversation?.window_expires_at) return { state: "none", word: "No window", left: null };
  const left = conversation.window_expires_at * 1000 - now;
  const closing = left < 4 * 3_600_000;
  if (left <= 60_000) return { state: "closed", word: left > 0 ? "Closed: about to end" : `Closed ${span(-left)} ago`, left };
  return { state: closing ? "closing" : "open", word: `${closing ? "Closing" : "Open"}: ${span(left)} left`, left };
}

/** How long something took. */
export function took(ms) {
  if (ms == null) return "";
  return ms < 1000 ? `${whole.format(ms)} ms` : `${fine.format(ms / 1000)} s`;
}

export function bytes(size) {
  if (size == null) return "";
  if (size < 1000) return `${size} B`;
  return size < 1e6 ? `${fine.format(size / 1000)} kB` : `${fine.format(size / 1e6)} MB`;
}

/** `1 message`, `2 messages`. */
export const plural = (number, one, many = `${one}s`) => `${whole.format(number)} ${number === 1 ? one : many}`;

/** `+49 1701234567` for digits; what it is otherwise. */
export const phoneNumber = key => (/^\d+$/.test(key ?? "") ? `+${key}` : key ?? "");

/** The words of a code's word: `delay_notice`, `jira_down`. */
export const words = name => name.replaceAll("_", " ").replaceAll("-", " ");
