// What a customer and an agent do on the page, and where the outcome is to be seen.

/** The bubble on the phone with this text. */
export const bubble = (page, text) => page.locator("#bubbles").getByText(text, { exact: true });

/** The comment in the chosen request with this text. */
export const comment = (page, text) => page.locator("#comment-list > li").filter({ hasText: text });

/** The customer writes. */
export async function customerWrites(page, text) {
  await page.getByLabel("Message", { exact: true }).fill(text);
  await page.getByRole("button", { name: "Send", exact: true }).click();
}

/** The agent answers the chosen request in public. */
export async function agentReplies(page, text) {
  await page.getByLabel("Reply", { exact: true }).fill(text);
  await page.getByRole("button", { name: "Send reply" }).click();
}

/** Chooses the only request in the agents' list. */
export async function chooseRequest(page) {
  await page.locator("#request-list").getByRole("button").click();
  await page.locator("#request").waitFor();
}
