// What Meta and other senders of the number do, played on the page.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { agentReplies, bubble, comment, customerWrites } from "./support/play.mjs";
import { world } from "./support/world.mjs";

const here = world();

beforeEach(() => here.page.getByText("Meta's side").click());

const toggle = (page, name) => page.getByRole("switch", { name });

/** The webhooks of this kind, oldest first. */
const webhooks = async (stack, kind) =>
  (await stack.get("/api/webhooks/whatsapp")).filter(({ subject }) => subject.startsWith(kind));

const customer = async stack => (await stack.get("/api/customers"))[0];

test("Meta's agent holds the conversation until an agent's reply takes it over", async () => {
  const { page, stack } = here;
  await customerWrites(page, "My order is late");
  await comment(page, "My order is late").waitFor();
  await toggle(page, "Meta's agent holds it").click();
  await page.getByText("Meta's agent holds this conversation").waitFor();
  await customerWrites(page, "Are you a robot?");
  await comment(page, "[The customer writes to Meta's agent:]").getByText("Internal note").waitFor();
  assert.equal((await webhooks(stack, "standby message")).length, 1);
  await page.getByLabel("Their answer").fill("Yes");
  await page.getByRole("button", { name: "Answer", exact: true }).click();
  await comment(page, "[Meta's agent answered:]").getByText("Internal note").waitFor();
  await page.locator("#facts").getByText("another sender since").waitFor();

  await page.getByText("a reply takes the conversation over.").waitFor();
  await agentReplies(page, "I am not");
  await bubble(page, "I am not").waitFor();
  await comment(page, "Your reply takes the conversation over.").waitFor();
  await page.locator("#facts").getByText("another sender since").waitFor({ state: "hidden" });
  await page.getByText("Meta's agent holds this conversation").waitFor({ state: "hidden" });
  assert.equal(await toggle(page, "Meta's agent holds it").isChecked(), false);
  await customerWrites(page, "Good");
  await comment(page, "Good").waitFor();
});

test("the conversation is given to Meta's agent and back", async () => {
  const { page, stack } = here;
  await customerWrites(page, "My order is late");
  for (const to of ["MetaAgent", "Casement"]) {
    await toggle(page, "Meta's agent holds it").click();
    await page.locator("#announcer").getByText(/^Meta's agent holds it: (on|off)$/).waitFor();
    await stack.idle();
    assert.equal((await webhooks(stack, `handover to ${to}`)).length, 1);
  }
  await comment(page, "Meta's agent handed the conversation over.").waitFor();
  assert.deepEqual(Object.values((await customer(stack)).holders), ["casement"]);
});

test("another sender answers, and the phone shows who", async () => {
  const { page, stack } = here;
  await customerWrites(page, "My order is late");
  const answer = async (text, by) => {
    await page.getByLabel("Their answer").fill(text);
    if (by) await page.getByLabel("Who answers").selectOption(by);
    await page.getByRole("button", { name: "Answer", exact: true }).click();
    await bubble(page, text).waitFor();
  };
  await answer("It comes tomorrow");
  await answer("I am an agent", "Meta's agent");
  const sender = text => page.locator("#bubbles .bubble").filter({ hasText: text }).locator(".tag").innerText();
  assert.equal(await sender("It comes tomorrow"), "WhatsApp Business app");
  assert.equal(await sender("I am an agent"), "Meta's agent");
  assert.equal(await page.getByLabel("Their answer").inputValue(), "");
  await stack.idle();
  assert.equal((await webhooks(stack, "echo")).length, 2);
});

test("a customer who has never written calls, and the window opens", async () => {
  const { page, stack } = here;
  await page.getByRole("button", { name: "Missed call" }).click();
  await bubble(page, "Call, not answered").waitFor();
  await page.getByRole("button", { name: "Answered, 2 min" }).click();
  await bubble(page, "Call, 2 min").waitFor();
  await comment(page, "[The customer called at").filter({ hasText: "and was not answered]" }).waitFor();
  await comment(page, "; the call lasted 2 min").waitFor();
  await page.locator("#window[data-state=open]").waitFor();
  const { profile, window_expires_at: window } = await customer(stack);
  assert.equal(profile.profile_name, "Ada");
  assert.equal(Object.keys(window).length, 1);
  assert.equal((await webhooks(stack, "call")).length, 4);
});

test("a customer who shows a username alone keeps phone, window and request together", async () => {
  const { page, stack } = here;
  await toggle(page, "Username only").click();
  await page.locator("#announcer").getByText("Username only: on").waitFor();
  await customerWrites(page, "Who am I?");
  await comment(page, "Who am I?").waitFor();
  await page.locator("#window[data-state=open]").waitFor();
  const { conversations: [conversation] } = await stack.get("/api/state");
  assert.ok(!conversation.phone, "Casement does not know the number");
});

test("the account is restricted, flagged and renamed, and messages are billed", async () => {
  const { page, stack } = here;
  const news = page.getByRole("group", { name: "News of the account" }).getByRole("button");
  await news.first().waitFor();
  for (const [index, button] of (await news.all()).entries()) {
    await button.click();
    await page.locator("#announcer").getByText(`Meta says: ${await button.innerText()}`).waitFor();
    assert.equal((await webhooks(stack, "")).length, index + 1);
  }
  await stack.idle();
  const fields = (await webhooks(stack, "")).map(({ subject, last_status: status }) => `${subject} ${status}`);
  assert.deepEqual([...new Set(fields)], [
    "account_update 200", "phone_number_quality_update 200", "phone_number_name_update 200", "template_category_update 200"]);

  await toggle(page, "Free tier used up").click();
  await page.locator("#announcer").getByText("Free tier used up: on").waitFor();
  assert.equal((await stack.get("/api/whatsapp/options")).free_messages, 0);
  await toggle(page, "Meta's agent first").click();
  await page.locator("#announcer").getByText("Meta's agent first: on").waitFor();
  await page.getByText("Meta's agent holds this conversation").waitFor();
  await customerWrites(page, "Hello");
  await bubble(page, "Hello").waitFor();
  assert.equal((await webhooks(stack, "standby message")).length, 1);
});
