// Unfriendly weather: what fails is shown, waits, and arrives.

import assert from "node:assert/strict";
import { test } from "node:test";
import { bubble, chooseRequest, comment, customerWrites, agentReplies } from "./support/play.mjs";
import { world } from "./support/world.mjs";

const here = world();

test("Jira is down, the message waits, and arrives when Jira is back", async () => {
  const { page, stack } = here;
  await page.getByRole("switch", { name: "Jira down" }).click();
  await customerWrites(page, "Is anybody there?");
  await page.locator("#sky[data-state=retrying]").waitFor();
  await page.getByRole("list", { name: "Retries" }).getByText(/again in|now/).waitFor();
  assert.deepEqual(await stack.get("/api/requests"), []);

  await page.getByRole("switch", { name: "Jira down" }).click();
  // Nobody knows whether the request was opened, so it is looked for several times first.
  const request = page.locator("#request-list").getByRole("button").first();
  const skip = page.getByRole("button", { name: /Skip to the next try/ });
  for (;;) {
    await request.or(skip).first().waitFor();
    if (await request.isVisible()) break;
    // The next try may come by itself before the click does.
    await skip.click({ timeout: 1000 }).catch(() => {});
  }
  await chooseRequest(page);
  await comment(page, "Is anybody there?").waitFor();
  await page.locator("#sky[data-state=fair]").waitFor();
});

test("Meta says that the window is closed, and the reply is held", async () => {
  const { page } = here;
  await customerWrites(page, "Hello");
  await chooseRequest(page);
  await page.getByRole("switch", { name: "Window refused" }).click();
  await page.getByRole("button", { name: "+23 h" }).click();
  await agentReplies(page, "Good morning");
  // Our clock says that the window is open, so Meta is asked once more.
  await page.getByRole("button", { name: /Skip to the next try/ }).click();
  await comment(page, "Not sent yet").waitFor();
  await page.getByRole("switch", { name: "Window refused" }).click();
  await customerWrites(page, "Good morning to you");
  await bubble(page, "Good morning").waitFor();
});

test("answers get lost, webhooks come twice, and everything is there once", async () => {
  const { page, stack } = here;
  await page.getByRole("switch", { name: "Lost answers" }).click();
  await page.getByRole("switch", { name: "Duplicate webhooks" }).click();
  await customerWrites(page, "One");
  await page.locator("#sky[data-state=retrying]").waitFor();
  await page.getByRole("button", { name: "All fair" }).click();
  await page.getByRole("button", { name: /Skip to the next try/ }).click();
  await stack.idle();
  const [request, ...others] = await stack.get("/api/requests");
  assert.deepEqual(others, []);
  assert.deepEqual(request.comments.filter(made => made.public).map(made => made.text), ["One"]);
});

test("an auto-reply rule of Automation is heard once, and the customer still waits", async () => {
  const { page, stack } = here;
  const rule = page.getByRole("switch", { name: "Auto-reply rule" });
  const said = "Thank you, we have your message and will answer soon.";
  await rule.click();
  await customerWrites(page, "Hello");
  await bubble(page, said).waitFor();
  await customerWrites(page, "Anybody?");
  await stack.idle();
  await chooseRequest(page);
  await comment(page, said).getByText("Automatic, public").first().waitFor();
  assert.equal(await bubble(page, said).count(), 1);
  const { conversations: [conversation] } = await stack.get("/api/state");
  assert.ok(conversation.awaiting_since);
  await rule.click();
  assert.equal((await stack.get("/api/jira/options")).automation, "none");
});

test("what cannot be delivered is shown as a dead letter with its reason, and redriven", async () => {
  const { page, stack } = here;
  await stack.post("/api/faults", { target: "jira", kind: "status", status: 503 });
  await customerWrites(page, "Is anybody there?");
  const dead = page.getByRole("list", { name: "Dead letters" }).getByRole("listitem");
  // Beyond the last of 40 attempts, fifteen minutes apart at most.
  for (let attempt = 0; attempt < 60 && await dead.count() === 0; attempt += 1) {
    await stack.post("/api/clock", { advance_s: 1200 });
    await stack.settled();
  }
  await dead.first().waitFor();
  assert.match(await dead.first().innerText(), /inbound/);
  await page.getByRole("button", { name: "All fair" }).click();
  await page.getByRole("button", { name: /Redrive/ }).click();
  await chooseRequest(page);
  await comment(page, "Is anybody there?").waitFor();
  await page.locator("#sky[data-state=fair]").waitFor();
});
