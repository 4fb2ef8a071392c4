// What a learner does on the page.
import assert from "node:assert/strict";
import { signedIn } from "./sign_in.mjs";

// Waits until the page recorded for `seconds` of its own clock.
export async function speakFor(page, seconds) {
  await page.getByRole("button", { name: "Bấm để nói" }).click();
  await untilSpoken(page, seconds);
}

export async function untilSpoken(page, seconds) {
  const whole = Math.ceil(seconds);
  await page.waitForFunction((wanted) => {
    const shown = document.querySelector(".timer__now")?.textContent ?? "0:00";
    const [minutes, rest] = shown.split(":").map(Number);
    return minutes * 60 + rest >= wanted;
  }, whole);
}

export async function stopSpeaking(page) {
  await page.getByRole("button", { name: "Bấm để dừng" }).click();
}

// From inside the page: faster than any hand, however busy the machine is.
export function stopAsSoonAsItRecords(page) {
  return page.evaluate(() => {
    new MutationObserver((_, observer) => {
      const stop = document.querySelector(".record_button--active");
      if (stop === null) return;
      observer.disconnect();
      stop.click();
    }).observe(document.body, { subtree: true, childList: true });
  });
}

export async function untilResult(page) {
  await page.getByRole("heading", { name: "Kết quả của bạn" }).waitFor({ timeout: 120_000 });
  await page.locator("canvas[data-drawn=true]").waitFor();
}

// The sentence as the model voice reads it, sent as a recording of one's own.
export async function readSentence(page, id) {
  const { token } = await signedIn(page);
  const headers = { Authorization: `Bearer ${token}` };
  const { origin } = new URL(page.url());
  const { sentences } = await (await fetch(`${origin}/api/v1/sentences`, { headers })).json();
  const { text } = sentences.find((sentence) => sentence.id === id);
  const sound = await fetch(`${origin}/api/v1/model-speech?${new URLSearchParams({ text })}`, { headers });
  assert.equal(sound.status, 200);
  const buffer = Buffer.from(await sound.arrayBuffer());
  await page.locator("input[type=file]").setInputFiles({ name: "reading.wav", mimeType: "audio/wav", buffer });
}

// { overall: 7.8, ... } as shown.
export function shownScores(page) {
  return page.locator("[data-score]").evaluateAll((elements) =>
    Object.fromEntries(elements.map((element) => [element.dataset.score, Number(element.querySelector("[data-value]").textContent.replace(",", "."))])),
  );
}

export async function shownWords(page) {
  const words = await page.locator(".words .word").allTextContents();
  return words.map((word) => word.toLowerCase().replace(/[^a-z']/g, ""));
}

// What good.wav says.
export function assertHeard(words) {
  for (const word of ["the", "girl", "was", "four", "at", "time"]) assert.ok(words.includes(word), `"${word}" in ${words.join(" ")}`);
}
