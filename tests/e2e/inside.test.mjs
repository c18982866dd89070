// The tabs that show what is inside the stack.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseRequest, comment, customerWrites } from "./support/play.mjs";
import { world } from "./support/world.mjs";

const here = world();

const tab = name => here.page.getByRole("tab", { name }).click();
const panel = () => here.page.getByRole("tabpanel");

test("a raw webhook is signed, posted, and answered", async () => {
  const { page } = here;
  await tab("Webhook");
  const body = {
    object: "whatsapp_business_account",
    entry: [{ id: "1", changes: [{ field: "messages", value: {
      messaging_product: "whatsapp",
      metadata: { display_phone_number: "15550783881", phone_number_id: "106540352242922" },
      contacts: [{ profile: { name: "Grace" }, wa_id: "447700900123" }],
      messages: [{ from: "447700900123", id: "wamid.RAW1", timestamp: String(Math.floor(Date.now() / 1000)), type: "text", text: { body: "Pasted" } }],
    } }] }],
  };
  await panel().getByRole("textbox").fill(JSON.stringify(body));
  await panel().getByRole("button", { name: /Post/ }).click();
  await panel().getByText(/\b200\b/).waitFor();
  await chooseRequest(page);
  await comment(page, "Pasted").waitFor();
});

test("a webhook that is signed wrongly is refused", async () => {
  await tab("Webhook");
  await panel().getByRole("textbox").fill("{}");
  await panel().getByLabel(/Sign/).selectOption("wrong");
  await panel().getByRole("button", { name: /Post/ }).click();
  await panel().getByText(/\b401\b/).waitFor();
});

test("settings that are wrong are told with their line, and are not applied", async () => {
  const { stack } = here;
  await tab("Settings");
  const field = panel().getByRole("textbox");
  const former = await stack.text("/api/settings");
  await field.fill(former.replace(/delay_after = ".*"/, 'delay_after = "soon"'));
  await panel().getByRole("button", { name: "Check" }).click();
  await panel().getByText(/line \d+.*delay_after/).waitFor();
  // The browser itself tells of the refusal; it is the only thing it may tell of.
  assert.match(here.complaints.pop(), /400/);
  await field.fill(former.replace(/delay_after = ".*"/, 'delay_after = "45m"'));
  await panel().getByRole("button", { name: "Apply" }).click();
  await panel().getByText(/applied|stored|in force/i).waitFor();
});

test("settings are not edited before they are there", async () => {
  const { page } = here;
  let answer;
  const asked = new Promise(resolve => page.route("**/api/settings", route => { answer = () => route.continue(); resolve(); }));
  await tab("Settings");
  await asked;
  const field = panel().getByRole("textbox");
  assert.equal(await field.isEditable(), false);
  assert.equal(await panel().getByRole("button", { name: "Apply" }).isEnabled(), false);
  await answer();
  await field.fill("typed");
  await panel().getByText("Changed, not applied").waitFor();
  assert.equal(await field.inputValue(), "typed");
});

test("queues, table, timers, functions, logs and metrics tell of a message", async () => {
  const { page, stack } = here;
  await customerWrites(page, "Hello");
  await stack.idle();
  const expected = {
    Queues: "inbound", Table: /CONV#/, Timers: /delay notice/i, Functions: "inbound-message", Logs: "whatsapp-webhook", Metrics: "Received",
  };
  for (const [name, text] of Object.entries(expected)) {
    await tab(name);
    await panel().getByText(text).first().waitFor();
  }
});
