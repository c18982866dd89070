// Jira's dashboard, made with the command and shown in its tab.

import assert from "node:assert/strict";
import { test } from "node:test";
import { customerWrites } from "./support/play.mjs";
import { connectViews } from "./support/views.mjs";
import { world } from "./support/world.mjs";

const here = world();

test("the dashboard shows who waits, whose window closes and whose reply is held", async () => {
  const { page, stack } = here;
  await page.getByRole("tab", { name: "Dashboard" }).click();
  const panel = page.getByRole("tabpanel");
  await panel.getByText("Jira has no dashboard yet").waitFor();
  await connectViews(stack);
  const gadget = name => panel.getByRole("region", { name });
  const rows = name => gadget(name).getByRole("button", { name: "SUP-1" });

  await customerWrites(page, "Where is my order?");
  await stack.idle();
  await stack.post("/api/clock", { advance_s: 60 });
  await stack.idle();
  await rows("Customers waiting").waitFor();
  assert.equal(await rows("Window closes").count(), 0);
  await page.getByRole("button", { name: "+23 h" }).click();
  await rows("Window closes within two hours").waitFor();
  await gadget("Window closes").getByText(/\(in \d+ min/).waitFor();
  await rows("Customers waiting").click();
  await page.locator("#request-title").getByText("SUP-1").waitFor();
  await stack.post("/api/clock", { advance_s: 7200 });
  await stack.post("/api/requests/SUP-1/comments", { text: "It is on its way", public: true, author: "agent" });
  await stack.idle();
  await stack.post("/api/clock", { advance_s: 60 });
  await stack.idle();
  await rows("Replies held").waitFor();
  await rows("Customers waiting").waitFor({ state: "detached" });
  assert.equal(await rows("Window closes").count(), 0);
});
