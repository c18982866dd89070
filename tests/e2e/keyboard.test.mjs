// Everything that matters, without a mouse.

import assert from "node:assert/strict";
import { test } from "node:test";
import { bubble, comment } from "./support/play.mjs";
import { world } from "./support/world.mjs";

const here = world();

/** Presses Tab until the focus is on the element, as somebody would who looks for it. */
async function tabTo(page, locator, most = 120) {
  for (let presses = 0; presses < most; presses += 1) {
    if (await locator.evaluate(element => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`${locator} is not reached by the Tab key`);
}

test("a conversation with the keyboard alone", async () => {
  const { page } = here;
  await tabTo(page, page.getByLabel("Message", { exact: true }));
  await page.keyboard.type("My order is late");
  await page.keyboard.press("Enter");
  await bubble(page, "My order is late").waitFor();
  const request = page.locator("#request-list").getByRole("button");
  await request.waitFor();
  await tabTo(page, request);
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByLabel("Reply", { exact: true }));
  await page.keyboard.type("It comes tomorrow");
  await tabTo(page, page.getByRole("button", { name: "Send reply" }));
  await page.keyboard.press("Enter");
  await bubble(page, "It comes tomorrow").waitFor();
  await comment(page, "It comes tomorrow").waitFor();
});

test("the tabs follow the arrow keys", async () => {
  const { page } = here;
  await tabTo(page, page.getByRole("tab", { name: "Queues" }));
  await page.keyboard.press("Enter");
  await page.getByRole("tabpanel").waitFor();
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Table");
  await page.keyboard.press("End");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Webhook");
});

test("a menu closes with Escape and gives the focus back", async () => {
  const { page } = here;
  const attach = page.getByRole("button", { name: "Attach", exact: true });
  await tabTo(page, attach);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Photo" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Photo" }).waitFor({ state: "hidden" });
  assert.ok(await attach.evaluate(element => element === document.activeElement));
});
