// One stack and one browser for a test file; every test begins with an empty stack and a new page.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach } from "node:test";
import { openPage, startBrowser } from "./browser.mjs";
import { startStack } from "./stack.mjs";

/** Sets the file's hooks. Gives an object that holds `stack` and `page` while a test runs. */
export function world(options) {
  const here = {};
  before(async () => {
    [here.stack, here.browser] = await Promise.all([startStack(), startBrowser()]);
  });
  beforeEach(async () => {
    await here.stack.reset();
    Object.assign(here, await openPage(here.browser, here.stack, options));
  });
  afterEach(async () => {
    await here.page.context().close();
    assert.deepEqual(here.complaints, [], "the page complained");
  });
  after(async () => {
    await here.browser?.close();
    await here.stack?.stop();
  });
  return here;
}
