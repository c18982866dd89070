// What a new visitor sees, and what is shown when something is missing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "./support/browser.mjs";
import { bubble } from "./support/play.mjs";
import { startStack } from "./support/stack.mjs";
import { world } from "./support/world.mjs";

const here = world({ seenTour: false });

test("the tour shows five steps that can be done, and is not shown again", async () => {
  const { page } = here;
  const tour = page.getByRole("complementary", { name: "Tour" });
  const steps = ["A customer writes", "An agent answers", "The window closes", "A late reply is held", "The weather turns"];
  for (const [index, title] of steps.entries()) {
    await tour.getByText(`Step ${index + 1} of 5`).waitFor();
    await tour.getByRole("heading", { name: title }).waitFor();
    if (index < 4) {
      await page.locator("#tour-act").click();
      await page.locator("#tour-act:enabled").waitFor();
      await tour.getByRole("button", { name: "Next" }).click();
    }
  }
  await bubble(page, "It comes tomorrow.").waitFor();
  await bubble(page, "Sorry: it was in the wrong van.").waitFor();
  await tour.getByRole("button", { name: "Finish" }).click();
  await tour.waitFor({ state: "hidden" });
  await page.reload();
  await page.locator("#online").getByText("Live").waitFor();
  assert.ok(await tour.isHidden());
});

test("the tour can be skipped by Escape", async () => {
  const { page } = here;
  const tour = page.getByRole("complementary", { name: "Tour" });
  await tour.getByRole("button", { name: "Skip" }).focus();
  await page.keyboard.press("Escape");
  await tour.waitFor({ state: "hidden" });
});

test("empty parts say what belongs there", async () => {
  const { page } = here;
  await page.getByText("Ada has not written yet.").waitFor();
  await page.getByText("No requests yet.").waitFor();
  await page.getByText("No window yet").waitFor();
});

test("a stack that has gone is said to be gone", async () => {
  const gone = await startStack();
  const { page } = await openPage(here.browser, gone);
  await page.locator("#online").getByText("Live").waitFor();
  await gone.stop();
  await page.getByRole("alert").getByText("The stack does not answer.").waitFor();
  await page.context().close();
});

test("what the stack refuses is said in its words, and can be dismissed", async () => {
  const { page } = here;
  await page.getByRole("button", { name: "All chats" }).click();
  await page.getByLabel("Phone number with country code").fill("12");
  await page.getByRole("button", { name: "New customer" }).click();
  assert.equal(await page.getByLabel("Phone number with country code").evaluate(field => field.validationMessage), "5 to 15 digits, with the country code");
  await page.route("**/api/customers/*/messages", route => route.fulfill({
    status: 409, contentType: "application/problem+json", body: JSON.stringify({ title: "Conflict", status: 409, detail: "this cannot be" }),
  }));
  await page.getByLabel("Phone number with country code").fill("447700900123");
  await page.getByRole("button", { name: "New customer" }).click();
  await page.getByLabel("Message", { exact: true }).fill("Hello");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await page.getByRole("alert").getByText("this cannot be").waitFor();
  assert.equal(await page.getByLabel("Message", { exact: true }).inputValue(), "Hello", "what was typed is not lost");
  await page.getByRole("button", { name: "Dismiss" }).click();
  await page.getByRole("alert").getByText("this cannot be").waitFor({ state: "hidden" });
  // The browser itself tells of the refusal.
  assert.ok(here.complaints.every(complaint => complaint.includes("409")), here.complaints.join());
  here.complaints.length = 0;
});
