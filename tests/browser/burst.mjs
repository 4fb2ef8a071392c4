// A class of forty behind one address that stops speaking at once: nobody is lost, everybody sees a result. Not among the tests that
// run each time: forty pages speak for a minute or two. `make test-burst`.
import assert from "node:assert/strict";
import { test } from "node:test";
import { launchBrowser, openPage } from "./support/browser.mjs";
import { microphoneFile } from "./support/microphone_file.mjs";
import { recording } from "./support/paths.mjs";
import { assertHeard, shownWords, speakFor, stopSpeaking, untilSpoken } from "./support/practice.mjs";
import { startServer } from "./support/server.mjs";

const LEARNERS = 40;
const LIMIT_MS = 240_000;

function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

test(`${LEARNERS} learners stop at once, and each sees a result`, { timeout: 2 * LIMIT_MS }, async () => {
  const server = await startServer();
  const microphone = await microphoneFile(recording("good.wav"));
  const browser = await launchBrowser(microphone.path);
  try {
    const learners = [];
    for (let n = 0; n < LEARNERS; ++n) {
      const learner = await openPage(browser, `${server.url}/conversation`);
      learner.page.setDefaultTimeout(LIMIT_MS);
      learners.push(learner);
    }
    await Promise.all(
      learners.map(async ({ page }) => {
        await speakFor(page, 1);
        await untilSpoken(page, microphone.seconds);
      }),
    );
    const pressed = performance.now();
    const times_s = await Promise.all(
      learners.map(async ({ page }) => {
        await stopSpeaking(page);
        await page.getByRole("heading", { name: "Kết quả của bạn" }).waitFor();
        return (performance.now() - pressed) / 1000;
      }),
    );
    for (const { page, troubles } of learners) {
      assertHeard(await shownWords(page));
      assert.deepEqual(troubles, []);
    }
    times_s.sort((a, b) => a - b);
    const [first, half, most, last] = [0, 0.5, 0.95, 1].map((share) => quantile(times_s, share).toFixed(1));
    console.log(`results after ${first} s for the first, ${half} s for half, ${most} s for 95 %, ${last} s for all of ${LEARNERS}`);
  } finally {
    await browser.close();
    await microphone.remove();
    await server.stop();
  }
});
