// axe-core's rules for WCAG 2.2 AA, in both colour schemes, on every view.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { openPage } from "./support/browser.mjs";
import { agentReplies, bubble, chooseRequest, customerWrites } from "./support/play.mjs";
import { world } from "./support/world.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
// The page's own policy forbids scripts from elsewhere; the rules come in from outside.
const here = world({ bypassCSP: true });

async function audit(page, view) {
  // What fades in is judged when it is there.
  await page.evaluate(() => Promise.all(document.getAnimations().filter(each => each.effect.getTiming().iterations !== Infinity).map(each => each.finished.catch(() => {}))));
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  }));
  const found = violations.map(({ id, impact, nodes }) => `${view}: ${impact} ${id}: ${nodes.map(node => node.target).join(", ")}`);
  assert.deepEqual(found, []);
}

async function everyView(page, scheme) {
  await audit(page, `${scheme}, empty`);
  await customerWrites(page, "My order is late");
  await chooseRequest(page);
  await agentReplies(page, "It comes tomorrow");
  await bubble(page, "It comes tomorrow").waitFor();
  await page.getByRole("button", { name: "+25 h" }).click();
  await page.getByRole("switch", { name: "WhatsApp down" }).click();
  await agentReplies(page, "Late");
  await page.locator("#held").waitFor();
  await audit(page, `${scheme}, a held reply`);
  await page.getByRole("button", { name: "Attach", exact: true }).click();
  await audit(page, `${scheme}, the menu`);
  await page.keyboard.press("Escape");
  await page.getByText("Meta's side").click();
  await page.getByRole("switch", { name: "Meta's agent holds it" }).click();
  await page.locator("#meta-who").getByText("Meta's agent holds").waitFor();
  await audit(page, `${scheme}, Meta's side`);
  for (const name of ["Queues", "Table", "Timers", "Functions", "Logs", "Metrics", "Settings", "Webhook"]) {
    await page.getByRole("tab", { name }).click();
    await page.getByRole("tabpanel").waitFor();
    await audit(page, `${scheme}, ${name}`);
  }
}

for (const scheme of ["light", "dark"])
  test(`no rule is broken in the ${scheme} scheme`, async () => {
    await here.page.emulateMedia({ colorScheme: scheme });
    await everyView(here.page, scheme);
  });

test("no rule is broken on a narrow screen, with the tour", async () => {
  const { page } = await openPage(here.browser, here.stack, { bypassCSP: true, seenTour: false, viewport: { width: 360, height: 740 } });
  await page.getByRole("complementary", { name: "Tour" }).waitFor();
  await audit(page, "narrow, the tour");
  await page.context().close();
});
