// The local stack, started for one test file on a port of its own.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
export const binary = process.env.CASEMENT_LOCAL ?? resolve(root, process.env.CARGO_TARGET_DIR ?? "target", "debug/casement-local");

/** Starts it and waits until everything answers. Needs `cargo build --workspace --bins`. */
export async function startStack() {
  const child = spawn(binary, ["--no-build", "--quiet", "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  const failed = once(child, "exit").then(([code]) => { throw new Error(`${binary} ended with ${code} before it listened`); });
  const [line] = await Promise.race([once(createInterface(child.stdout), "line"), failed]);
  failed.catch(() => {});
  return new Stack(line.split(" ").at(-1), child);
}

class Stack {
  #child;

  constructor(url, child) {
    this.url = url;
    this.#child = child;
  }

  async #call(path, options) {
    const answer = await fetch(this.url + path, options);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }

  async get(path) {
    return (await this.#call(path)).json();
  }

  async text(path) {
    return (await this.#call(path)).text();
  }

  async post(path, body = {}) {
    const headers = { "content-type": "application/json" };
    return (await this.#call(path, { method: "POST", headers, body: JSON.stringify(body) })).json();
  }

  async put(path, text) {
    await this.#call(path, { method: "PUT", body: text });
  }

  /** Waits until no message is on its way and nothing runs. */
  idle() {
    return this.post("/api/idle", { timeout_s: 60 });
  }

  /** Waits until what is left waits for its next attempt. */
  settled() {
    return this.post("/api/idle", { timeout_s: 60, ignore_backoff: true });
  }

  reset() {
    return this.post("/api/reset");
  }

  async stop() {
    this.#child.kill("SIGINT");
    if (this.#child.exitCode === null) await once(this.#child, "exit");
  }
}
