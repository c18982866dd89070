// The story that Casement is for, played by hand on the page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { agentReplies, bubble, chooseRequest, comment, customerWrites } from "./support/play.mjs";
import { world } from "./support/world.mjs";

const here = world();

test("a reply that comes too late is held, and delivered when the customer writes again", async () => {
  const { page } = here;
  await customerWrites(page, "My order is late");
  await bubble(page, "My order is late").waitFor();
  await chooseRequest(page);
  await comment(page, "My order is late").waitFor();
  await page.locator("#window[data-state=open]").waitFor();

  await agentReplies(page, "It comes tomorrow");
  await bubble(page, "It comes tomorrow").waitFor();
  await comment(page, "It comes tomorrow").getByText("Delivered").waitFor();

  await page.getByRole("button", { name: "+25 h" }).click();
  await page.locator("#window[data-state=closed]").waitFor();
  await page.getByText("The window is closed: a reply is held").waitFor();
  await agentReplies(page, "It was in the wrong van");
  await comment(page, "Not sent yet: this reply is held.").waitFor();
  await page.locator("#held").getByText("1 held reply").waitFor();
  await page.locator("#facts").getByText("answered, not received: held since").waitFor();
  assert.equal(await bubble(page, "It was in the wrong van").count(), 0, "nothing goes out into a closed window");

  await customerWrites(page, "Still waiting");
  await bubble(page, "It was in the wrong van").waitFor();
  await page.locator("#window[data-state=open]").waitFor();
  await page.locator("#held").waitFor({ state: "hidden" });
  assert.equal(await page.locator("#facts").getByText("not received").count(), 0);
});

test("an internal note stays inside", async () => {
  const { page, stack } = here;
  await customerWrites(page, "Hello");
  await chooseRequest(page);
  await page.getByRole("radio", { name: "Internal" }).check();
  await page.getByLabel("Reply", { exact: true }).fill("A difficult one");
  await page.getByRole("button", { name: "Add note" }).click();
  await comment(page, "A difficult one").getByText("Internal note").waitFor();
  await stack.idle();
  assert.equal(await bubble(page, "A difficult one").count(), 0);
});

test("every kind of message can be sent from the phone", async () => {
  const { page, stack } = here;
  await customerWrites(page, "Hello");
  await chooseRequest(page);
  for (const kind of ["Photo", "Voice note", "Document", "Location", "Contact"]) {
    await page.getByRole("button", { name: "Attach", exact: true }).click();
    await page.getByRole("button", { name: kind, exact: true }).click();
    await comment(page, `[${kind === "Contact" ? "Contact card" : kind}`).waitFor();
  }
  await stack.idle();
  assert.equal(await page.locator("#bubbles .bubble").count(), 6);
});

test("what is typed while a photo is on its way is kept", async () => {
  const { page, stack } = here;
  await stack.post("/api/faults", { target: "sqs", kind: "slow", delay_ms: 1500, count: 1 });
  await page.getByRole("button", { name: "Attach", exact: true }).click();
  await page.getByRole("button", { name: "Photo", exact: true }).click();
  await page.getByLabel("Message", { exact: true }).fill("Do you see it?");
  await page.locator("#announcer").getByText("Sent").waitFor();
  assert.equal(await page.getByLabel("Message", { exact: true }).inputValue(), "Do you see it?");
});

test("the message travels from hop to hop, with its times", async () => {
  const { page, stack } = here;
  await customerWrites(page, "Hello");
  await stack.idle();
  const lane = page.getByRole("group", { name: "To Jira" });
  await lane.getByText(/In Jira after [\d.]+ m?s/).waitFor();
  for (const stop of ["Webhook", "Queue", "Function", "Jira"])
    await lane.getByRole("listitem").filter({ hasText: stop }).getByText(/\d+ m?s/).first().waitFor();
});

test("an unknown customer is made, and the chats are listed", async () => {
  const { page } = here;
  await page.getByRole("button", { name: "All chats" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Grace");
  await page.getByLabel("Phone number with country code").fill("447700900123");
  await page.getByRole("button", { name: "New customer" }).click();
  await customerWrites(page, "Good morning");
  await bubble(page, "Good morning").waitFor();
  await page.getByRole("button", { name: "All chats" }).click();
  await page.getByRole("list", { name: "Customers" }).getByText("Grace").waitFor();
});
