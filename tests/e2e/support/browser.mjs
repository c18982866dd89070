// A real Chromium: Debian's, or the one that CHROMIUM names.

import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const executablePath = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  path => path && existsSync(path));

/** Starts the browser. */
export function startBrowser() {
  if (!executablePath) throw new Error("no Chromium was found: install Debian's package chromium, or name one in CHROMIUM");
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

/**
 * Opens the page of a stack as somebody who has seen the tour. What must never happen is kept in `complaints`: errors on
 * the console, uncaught ones, requests to anywhere else.
 */
export async function openPage(browser, stack, { seenTour = true, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 1000 }, locale: "en-GB", ...options });
  context.setDefaultTimeout(30_000);
  if (seenTour) await context.addInitScript(() => localStorage.setItem("casement-tour", "seen"));
  const page = await context.newPage();
  const complaints = [];
  page.on("console", message => {
    if (message.type() === "error") complaints.push(`console: ${message.text()}`);
  });
  page.on("pageerror", error => complaints.push(`uncaught: ${error}`));
  page.on("request", request => {
    const url = request.url();
    if (!url.startsWith(stack.url) && !url.startsWith("data:") && !url.startsWith("blob:")) complaints.push(`request to ${url}`);
  });
  await page.goto(stack.url);
  await page.locator("#now").filter({ hasText: /\d/ }).waitFor();
  return { page, complaints };
}
