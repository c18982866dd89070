// A phone's screen: nothing is cut off, every part is reached.

import assert from "node:assert/strict";
import { test } from "node:test";
import { agentReplies, bubble, customerWrites } from "./support/play.mjs";
import { world } from "./support/world.mjs";

const here = world({ viewport: { width: 360, height: 740 }, hasTouch: true });

const place = name => here.page.getByRole("navigation", { name: "Parts of the page" }).getByRole("button", { name }).click();

async function fits(page) {
  const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  assert.ok(content <= screen, `the page is ${content} pixels wide on a screen of ${screen}`);
}

test("a conversation on 360 pixels", async () => {
  const { page } = here;
  await customerWrites(page, "My order is late");
  await bubble(page, "My order is late").waitFor();
  await fits(page);
  await place("Bridge");
  await page.locator("#window[data-state=open]").waitFor();
  await fits(page);
  await page.getByText("Meta's side").click();
  await page.getByRole("button", { name: "Missed call" }).waitFor();
  await fits(page);
  await place("Agents");
  await page.locator("#request-list").getByRole("button").click();
  await agentReplies(page, "It comes tomorrow");
  await fits(page);
  await place("Customer");
  await bubble(page, "It comes tomorrow").waitFor();
  await place("Inside");
  await page.getByRole("tab", { name: "Functions" }).click();
  await page.getByRole("tabpanel").getByText("outbound-message").first().waitFor();
  await fits(page);
});
