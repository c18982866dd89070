// Makes the README's pictures: `node pictures.mjs [FOLDER]`, by default infra/pictures.

import { fileURLToPath } from "node:url";
import { openPage, startBrowser } from "./support/browser.mjs";
import { agentReplies, bubble, comment, customerWrites } from "./support/play.mjs";
import { startStack } from "./support/stack.mjs";

const folder = process.argv[2] ?? fileURLToPath(new URL("../../infra/pictures", import.meta.url));

/** A conversation with a question, an answer, a picture, and a reply that came too late. */
async function play(page, stack) {
  await customerWrites(page, "Hello, the lamp has not come yet. It was to be here on Monday.");
  await stack.idle();
  await page.locator("#request-list").getByRole("button").click();
  await agentReplies(page, "Good morning! It left our warehouse yesterday; I have asked the carrier.");
  await bubble(page, "Good morning! It left our warehouse yesterday; I have asked the carrier.").waitFor();
  await page.getByRole("button", { name: "Attach", exact: true }).click();
  await page.getByRole("button", { name: "Photo", exact: true }).click();
  await customerWrites(page, "Thank you. This is what I ordered.");
  await stack.idle();
  await stack.post(`/api/customers/491701234567/read`);
  await page.getByRole("button", { name: "+25 h" }).click();
  await agentReplies(page, "It was in the wrong van. It comes today before six.");
  await comment(page, "Not sent yet").waitFor();
  await page.locator("#held").waitFor();
  await stack.idle();
}

const [stack, browser] = await Promise.all([startStack(), startBrowser()]);
const { page } = await openPage(browser, stack, { viewport: { width: 1440, height: 900 } });
await play(page, stack);
for (const scheme of ["light", "dark"]) {
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
  await page.mouse.move(0, 0);
  await page.screenshot({ path: `${folder}/page-${scheme}.png`, animations: "disabled" });
}
await browser.close();
await stack.stop();
