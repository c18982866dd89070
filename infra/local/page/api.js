// The control API, and its problems in words.

/** What the API refused; the message can be shown as it is. */
export class Refused extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** One call. A body that is no text or form is sent as JSON. */
export async function api(method, path, body) {
  const { text, isJson } = await call(method, path, body);
  return isJson && text ? JSON.parse(text) : text;
}

/** What a path has, as it came. */
export const raw = async path => (await call("GET", path)).text;

async function call(method, path, body) {
  const plain = typeof body === "string" || body instanceof FormData;
  const headers = plain || body === undefined ? {} : { "content-type": "application/json" };
  let answer;
  try {
    answer = await fetch(path, { method, headers, body: plain ? body : body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Refused("The stack does not answer. Is `cargo run` still going?", 0);
  }
  const text = await answer.text();
  const isJson = /json/.test(answer.headers.get("content-type") ?? "");
  if (!answer.ok) {
    const detail = isJson && text ? JSON.parse(text).detail : text;
    throw new Refused(detail || `${method} ${path} was answered with ${answer.status}.`, answer.status);
  }
  return { text, isJson };
}

export const get = path => api("GET", path);
export const post = (path, body = {}) => api("POST", path, body);

/** The address of one customer's or request's part of the API. */
export const customerPath = (key, rest = "") => `/api/customers/${encodeURIComponent(key)}${rest}`;
export const requestPath = (key, rest = "") => `/api/requests/${encodeURIComponent(key)}${rest}`;
