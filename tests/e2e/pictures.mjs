// Makes the README's pictures: `node pictures.mjs [FOLDER]`, by default infra/pictures.

import { fileURLToPath } from "node:url";
import { openPage, startBrowser } from "./support/browser.mjs";
import { agentReplies, bubble, comment, customerWrites } from "./support/play.mjs";
import { startStack } from "./support/stack.mjs";
import { connectViews } from "./support/views.mjs";

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

/** Another held reply, and three more customers who wait, one of them in a window that closes. */
async function fillDashboard(page, stack) {
  const write = async (phone, name, text) => {
    await stack.post(`/api/customers/${phone}/messages`, { type: "text", text: { body: text }, profile_name: name });
    await stack.idle();
  };
  const pass = async seconds => {
    await stack.post("/api/clock", { advance_s: seconds });
    await stack.idle();
  };
  await stack.post("/api/requests/SUP-1/comments", { text: "The driver will ring twice.", public: true, author: "agent" });
  await stack.idle();
  await write("447700900123", "Grace Kim", "Can I change the address of my order?");
  await pass(22.5 * 3600);
  await write("5511955501234", "João Souza", "Is the blue one in stock again?");
  await pass(1800);
  await write("33612345678", "Léa Martin", "The invoice has the wrong company on it.");
  await pass(120);
  await page.getByRole("tab", { name: "Dashboard" }).click();
  await page.getByRole("tabpanel").getByRole("button", { name: "SUP-2" }).first().waitFor();
}

const [stack, browser] = await Promise.all([startStack(), startBrowser()]);
const { page } = await openPage(browser, stack, { viewport: { width: 1440, height: 900 } });
await play(page, stack);
for (const scheme of ["light", "dark"]) {
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
  await page.mouse.move(0, 0);
  await page.screenshot({ path: `${folder}/page-${scheme}.png`, animations: "disabled" });
}
await connectViews(stack);
await fillDashboard(page, stack);
await page.setViewportSize({ width: 1280, height: 1500 });
for (const scheme of ["light", "dark"]) {
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
  await page.mouse.move(0, 0);
  await page.locator("#inside").screenshot({ path: `${folder}/dashboard-${scheme}.png`, animations: "disabled" });
}
await browser.close();
await stack.stop();
