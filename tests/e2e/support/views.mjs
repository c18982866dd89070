// The views in the simulated Jira, made as at a real site.

import { execFile } from "node:child_process";
import { dirname, resolve } from "node:path";
import { promisify } from "node:util";
import { binary } from "./stack.mjs";

/** Makes the fields, the filters and the dashboard, and names the fields in the settings. */
export async function connectViews(stack) {
  const casement = resolve(dirname(binary), "casement");
  const { stdout } = await promisify(execFile)(casement, ["connect", "jira", "--views", "--yes", "--json", `--local=${stack.url}`]);
  const former = await stack.text("/api/settings");
  const lines = JSON.parse(stdout).settings.join("\n");
  await stack.put("/api/settings", former.replace("delay_after =", `${lines}\ndelay_after =`));
  // The functions look at the settings again within a minute.
  await stack.post("/api/clock", { advance_s: 61 });
  await stack.idle();
}
