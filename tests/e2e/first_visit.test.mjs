// What a new visitor sees, and what is shown when something is missing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { bubble } from "./support/play.mjs";
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
