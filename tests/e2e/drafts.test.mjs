// What an agent writes is never lost, and never goes to another request.

import assert from "node:assert/strict";
import { test } from "node:test";
import { bubble, comment, customerWrites } from "./support/play.mjs";
import { world } from "./support/world.mjs";

const here = world();

const draft = page => page.getByLabel("Reply", { exact: true });

/** Chooses a request and writes before the page is drawn anew, as only somebody very quick could. */
const chooseAndType = (page, key, text) => page.evaluate(async ([key, text]) => {
  const row = [...document.querySelectorAll("#request-list button")].find(button => button.textContent.includes(key));
  const field = document.getElementById("reply-text");
  row.click();
  field.value = text;
  field.dispatchEvent(new Event("input"));
  for (let frames = 0; frames < 3; frames += 1) await new Promise(requestAnimationFrame);
}, [key, text]);

async function shownRequest(page, text) {
  await customerWrites(page, text);
  await comment(page, text).waitFor();
  return page.locator("#request-title .key").innerText();
}

test("what is typed right after a request was chosen stays", async () => {
  const { page } = here;
  const key = await shownRequest(page, "My order is late");
  await chooseAndType(page, key, "It comes tomorrow");
  assert.equal(await draft(page).inputValue(), "It comes tomorrow");
  await page.getByRole("button", { name: "Send reply" }).click();
  await bubble(page, "It comes tomorrow").waitFor();
});

test("what is typed for one request does not go to the other", async () => {
  const { page, stack } = here;
  const first = await shownRequest(page, "My order is late");
  const { key: second } = await stack.post("/api/requests", { summary: "A call from Ada" });
  await page.locator("#request-list").getByText(second).waitFor();
  await draft(page).fill("Ours is the blame");
  await page.locator("#request-list").getByRole("button").filter({ hasText: second }).click();
  await page.locator("#request-title").getByText(second).waitFor();
  assert.equal(await draft(page).inputValue(), "");
  await chooseAndType(page, first, "It comes tomorrow");
  await page.locator("#request-title").getByText(first).waitFor();
  assert.equal(await draft(page).inputValue(), "It comes tomorrow");
});

test("the chosen request stays in sight when it is chosen again", async () => {
  const { page } = here;
  const key = await shownRequest(page, "My order is late");
  await page.evaluate(() => {
    const request = document.getElementById("request");
    new MutationObserver(() => { if (request.hidden) document.body.dataset.blinked = "true"; }).observe(request, { attributes: true });
  });
  await chooseAndType(page, key, "It comes");
  assert.equal(await page.locator("body").getAttribute("data-blinked"), null);
});

test("what is typed while a reply is on its way is kept", async () => {
  const { page, stack } = here;
  await shownRequest(page, "My order is late");
  await stack.idle();
  await stack.post("/api/faults", { target: "sqs", kind: "slow", delay_ms: 1500, count: 1 });
  await draft(page).fill("It comes tomorrow");
  const written = page.waitForResponse(answer => answer.url().endsWith("/comments") && answer.request().method() === "POST");
  await page.getByRole("button", { name: "Send reply" }).click();
  await draft(page).fill("Before noon");
  await written;
  await bubble(page, "It comes tomorrow").waitFor();
  assert.equal(await draft(page).inputValue(), "Before noon");
});

test("a reply that Jira refuses is not lost", async () => {
  const { page } = here;
  await shownRequest(page, "My order is late");
  await page.route("**/api/requests/*/comments", route => route.fulfill({
    status: 409, contentType: "application/problem+json", body: JSON.stringify({ title: "Conflict", status: 409, detail: "this cannot be" }),
  }));
  await draft(page).fill("It comes tomorrow");
  await page.getByRole("button", { name: "Send reply" }).click();
  await page.getByRole("alert").getByText("this cannot be").waitFor();
  assert.equal(await draft(page).inputValue(), "It comes tomorrow");
  // The browser itself tells of the refusal.
  assert.ok(here.complaints.every(complaint => complaint.includes("409")), here.complaints.join());
  here.complaints.length = 0;
});
