// Every page, in both sizes and both themes: no violation that axe-core finds, nothing wider than the screen.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { violations } from "./support/axe.mjs";
import { DESKTOP, LOOKS, overflowPx, screenshot } from "./support/browser.mjs";
import { readSentence, untilResult, untilSpoken } from "./support/practice.mjs";
import { stage } from "./support/stage.mjs";

const PAGES = [
  { name: "home", path: "/", ready: ".sentence" },
  { name: "sentence", path: "/sentence/1", ready: ".record_button" },
  { name: "conversation", path: "/conversation", ready: ".record_button" },
  { name: "history", path: "/history", ready: ".past" },
  { name: "past", path: null, ready: "canvas[data-drawn=true]" },
  { name: "progress", path: "/progress", ready: ".learner_habit" },
  { name: "path", path: "/path", ready: ".past" },
  { name: "placement", path: "/placement", ready: ".record_button" },
  { name: "settings", path: "/settings", ready: ".option" },
];

// As the server finds them over many recordings.
const HABITS = {
  recordings: 24,
  habits: [
    {
      ...{ id: "TH>T", ipa: "θ", heard_ipa: ["t", "d"], region: null, times: 34, chances: 80, recordings: 15, earlier_share: 0.62, recent_share: 0.23 },
      ...{ words: ["three", "think", "birthday"], tip: "Đặt nhẹ đầu lưỡi giữa hai hàm răng rồi thổi hơi ra: “thin” khác “tin”.", pairs: ["thin/tin", "thank/tank", "three/tree", "bath/bat"] },
    },
    {
      ...{ id: "S>none", ipa: "s", heard_ipa: [], region: "south", times: 21, chances: 96, recordings: 12, earlier_share: 0.1, recent_share: 0.34 },
      ...{ words: ["six", "cats"], tip: "Kéo dài hơi “sss” ở cuối từ.", pairs: ["cats/cat", "books/book"] },
    },
  ],
};

describe("for everybody", () => {
  const set = stage({ spoken: "good.wav" });

  test("no page has a violation, in any size and theme", async () => {
    const { page, troubles, close } = await set.open("/sentence/1");
    await readSentence(page, 1);
    await untilResult(page);
    await page.getByRole("region", { name: "Ngữ điệu của bạn và giọng mẫu" }).waitFor();
    await page.locator(".sounds .word").first().click();
    assert.deepEqual(await violations(page), [], "the result");
    await page.goto(`${set.server.url}/history`);
    const past = await page.locator(".past").first().getAttribute("href");
    await page.route("**/analytics/habits", (route) => route.fulfill({ json: HABITS }));

    for (const { name: size, viewport, colorScheme } of LOOKS) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      for (const { name, path, ready } of PAGES) {
        await page.goto(`${set.server.url}${path ?? past}`);
        await page.locator(ready).first().waitFor();
        assert.deepEqual(await violations(page), [], `${name}, ${size}, ${colorScheme}`);
        assert.equal(await overflowPx(page), 0, `${name}, ${size}: wider than the screen`);
        await screenshot(page, `${name}_${size}_${colorScheme}`);
      }
    }
    assert.deepEqual(troubles, []);
    await close();
  });

  test("with the keyboard alone: from the first page over a recording to its result, a word, and the history", async () => {
    const { page, troubles, close } = await set.open("", { viewport: DESKTOP });
    await page.locator(".sentence").first().waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("href") ?? document.activeElement?.textContent ?? "");
    // Tab until what has the focus is that; every step on the way must show where the focus is.
    const tabTo = async (wanted) => {
      for (let steps = 0; steps < 120; ++steps) {
        await page.keyboard.press("Tab");
        const shown = await page.evaluate(() => {
          const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
          return document.activeElement === document.body || document.activeElement.matches("input") || (outlineStyle !== "none" && outlineWidth !== "0px");
        });
        assert.ok(shown, `the focus is seen on ${await focused()}`);
        if (wanted.test(await focused())) return;
      }
      assert.fail(`${wanted} is reached by Tab`);
    };
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "#content", "first of all the way past the navigation");
    await tabTo(/^\/sentence\/1$/);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Bấm để nói" }).waitFor();
    await tabTo(/^Bấm để nói$/);
    await page.keyboard.press("Enter");
    await untilSpoken(page, set.microphone.seconds);
    await tabTo(/^Bấm để dừng$/);
    await page.keyboard.press("Enter");
    await untilResult(page);
    await tabTo(/^Good$/);
    await page.keyboard.press("Enter");
    await page.getByRole("region", { name: /Các âm của từ/ }).waitFor();
    await tabTo(/^\/history$/);
    await page.keyboard.press("Enter");
    await page.locator(".past").first().waitFor();
    await tabTo(/^\/history\/./);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Kết quả của bạn" }).waitFor();
    assert.deepEqual(troubles, []);
    await close();
  });
});
