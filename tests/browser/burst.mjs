// A class of forty behind one address that stops speaking at once: all are served, in order, and each sees how many come before.
// Most of them are clients of the protocol; two are pages, pressed last, in the browser. `make test-burst`.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { launchBrowser, openPage, screenshot } from "./support/browser.mjs";
import { liveEvents } from "./support/live_events.mjs";
import { microphoneFile } from "./support/microphone_file.mjs";
import { recording, repository } from "./support/paths.mjs";
import { assertHeard, shownWords, speakFor, stopSpeaking, untilSpoken } from "./support/practice.mjs";
import { startServer } from "./support/server.mjs";
import { spokenSamples } from "./support/spoken_samples.mjs";

const { LiveSession, SAMPLE_RATE_HZ } = await import(join(repository, "web", "packages", "client", "dist", "index.js"));
const CLIENTS = 38;
const PAGES = 2;
const LIMIT_MS = 300_000;
const CHUNK_MS = 100;
const CHUNK = (SAMPLE_RATE_HZ * CHUNK_MS) / 1000;

function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

// One learner: { spoken, stop(), done }. `spoken` resolves when all was said, `done` with { places, result_s, complete }.
async function speak(url, samples) {
  const { token } = await (await fetch(`${url}/api/v1/auth/guest`, { method: "POST" })).json();
  const places = [];
  let stopped;
  let live;
  let markSpoken;
  const spoken = new Promise((resolve) => (markSpoken = resolve));
  const done = new Promise((resolve, reject) => {
    live = new LiveSession({
      server: url,
      start: { mode: "conversation", locale: "vi" },
      token: async () => token,
      forgetToken: () => reject(new Error("the token is good")),
      events: liveEvents(reject, {
        onStarted: async () => {
          for (let at = 0; at < samples.length; at += CHUNK) {
            live.send(samples.subarray(at, Math.min(samples.length, at + CHUNK)));
            await new Promise((resume) => setTimeout(resume, CHUNK_MS));
          }
          markSpoken();
        },
        onProgress: (_stage, _percent, ahead) => ahead !== undefined && places.push(ahead),
        onComplete: (complete) => resolve({ places, result_s: (performance.now() - stopped) / 1000, complete }),
      }),
    });
  });
  const stop = () => {
    stopped = performance.now();
    live.end();
  };
  return { spoken, stop, done };
}

test(`${CLIENTS + PAGES} learners stop at once, and each sees their place and a result`, { timeout: 2 * LIMIT_MS }, async () => {
  const server = await startServer();
  const microphone = await microphoneFile(recording("good.wav"));
  const browser = await launchBrowser(microphone.path);
  try {
    const pages = [];
    for (let n = 0; n < PAGES; ++n) {
      const opened = await openPage(browser, `${server.url}/conversation`);
      opened.page.setDefaultTimeout(LIMIT_MS);
      pages.push(opened);
    }
    const samples = await spokenSamples("good.wav", SAMPLE_RATE_HZ);
    const clients = await Promise.all(Array.from({ length: CLIENTS }, () => speak(server.url, samples)));
    const speaking = pages.map(async ({ page }) => {
      await speakFor(page, 1);
      await untilSpoken(page, microphone.seconds);
    });
    await Promise.all([...speaking, ...clients.map(({ spoken }) => spoken)]);

    for (const { stop } of clients) stop();
    const seen = pages.map(async ({ page }, index) => {
      await stopSpeaking(page);
      await page.getByText(/Còn \d+ bài nữa là đến lượt bạn/).waitFor();
      if (index === 0) await screenshot(page, "phone_place", { wholePage: false });
      await page.getByRole("heading", { name: "Kết quả của bạn" }).waitFor();
    });
    const results = await Promise.all(clients.map(({ done }) => done));
    await Promise.all(seen);

    for (const { page, troubles } of pages) {
      assertHeard(await shownWords(page));
      assert.deepEqual(troubles, []);
    }
    for (const { places, complete } of results) {
      assert.equal(complete.status, "completed");
      assert.deepEqual(places, [...places].sort((a, b) => b - a), "nobody is overtaken");
    }
    const waited = results.filter(({ places }) => places.length > 0);
    assert.ok(waited.length >= CLIENTS / 2, `${waited.length} were told their place`);
    const times_s = results.map(({ result_s }) => result_s).sort((a, b) => a - b);
    const [first, half, most, last] = [0, 0.5, 0.95, 1].map((share) => quantile(times_s, share).toFixed(1));
    console.log(`places told to ${waited.length} of ${CLIENTS}, at most ${Math.max(...waited.map(({ places }) => places[0]))} before one`);
    console.log(`results after ${first} s for the first, ${half} s for half, ${most} s for 95 %, ${last} s for all of ${CLIENTS}`);
  } finally {
    await browser.close();
    await microphone.remove();
    await server.stop();
  }
});
