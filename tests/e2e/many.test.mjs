// A busy day: 500 conversations and 5,000 messages. What is asserted is that the page works; how fast it was is reported.

import assert from "node:assert/strict";
import { test } from "node:test";
import { bubble, comment, customerWrites } from "./support/play.mjs";
import { world } from "./support/world.mjs";

const here = world();

/** How long it took, in milliseconds. */
async function took(work) {
  const began = performance.now();
  await work();
  return Math.round(performance.now() - began);
}

/** The tasks of more than 50 ms that kept the page from answering since it was last asked, in milliseconds. */
const longTasks = page => page.evaluate(() => globalThis.longTasks.splice(0));

test("500 conversations and 5,000 messages", async t => {
  const { page, stack } = here;
  await stack.post("/api/seed", { customers: 500, messages: 10 });
  await page.addInitScript(() => {
    globalThis.longTasks = [];
    new PerformanceObserver(list => globalThis.longTasks.push(...list.getEntries().map(entry => Math.round(entry.duration)))).observe({ type: "longtask" });
  });
  const report = (what, ms, tasks) => t.diagnostic(`${what}: ${ms} ms, longest task ${Math.max(0, ...tasks)} ms`);

  const loaded = await took(async () => {
    await page.reload();
    await page.locator("#requests-count").getByText("500 open requests").waitFor();
  });
  report("load", loaded, await longTasks(page));
  assert.equal(await page.locator("#request-list > li").count(), 50, "the list is cut, not endless");

  const opened = await took(async () => {
    await page.getByRole("button", { name: "All chats" }).click();
    await page.getByLabel("Search chats").fill("Customer 487");
    await page.getByRole("list", { name: "Customers" }).getByRole("button").click();
    await page.locator("#bubbles [data-part=bubble]").first().waitFor();
  });
  report("search a chat and open it", opened, await longTasks(page));

  const arrived = await took(async () => {
    await customerWrites(page, "Is it on its way?");
    await bubble(page, "Is it on its way?").waitFor();
    await page.locator("#window[data-state=open]").waitFor();
  });
  report("write", arrived, await longTasks(page));
  await stack.idle();

  const found = await took(async () => {
    await page.getByLabel("Search requests").fill("Customer 487");
    await page.locator("#request-list").getByRole("button").click();
    await comment(page, "Is it on its way?").waitFor();
  });
  report("search a request and open it", found, await longTasks(page));

  const moved = await took(async () => {
    await page.getByRole("button", { name: "+1 h" }).click();
    await page.locator("#offset").getByText("ahead").waitFor();
  });
  report("move the clock", moved, await longTasks(page));
});

test("the first paint takes less than 100 KB, all files together", async () => {
  const { page } = here;
  await page.locator("#online").getByText("Live").waitFor();
  const sizes = await page.evaluate(() => ["navigation", "resource"].flatMap(type => performance.getEntriesByType(type))
    .filter(({ name }) => !name.includes("/api/"))
    .map(({ decodedBodySize }) => decodedBodySize));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  assert.ok(sizes.length > 5 && total < 100_000, `${sizes.length} files have ${total} bytes`);
});
