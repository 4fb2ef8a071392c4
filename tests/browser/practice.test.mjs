import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { violations } from "./support/axe.mjs";
import { DESKTOP, overflowPx, screenshot, screenshotPath } from "./support/browser.mjs";
import { recording } from "./support/paths.mjs";
import { assertHeard, shownScores, shownWords, speakFor, stopSpeaking, untilResult, untilSpoken } from "./support/practice.mjs";
import { stage } from "./support/stage.mjs";

const SCORES = ["confidence", "emotion", "fluency", "overall", "pronunciation", "prosody"];
const VIETNAMESE = /[ăâđêôơưàáảãạèéẻẽẹìíỉĩịòóỏõọùúủũụỳýỷỹỵ]/i;

// How many pixels of the pitch chart have the curve's colour.
function curvePixels(page) {
  return page.locator("canvas[data-drawn=true]").evaluate((canvas) => {
    const probe = document.createElement("canvas").getContext("2d");
    probe.fillStyle = getComputedStyle(canvas).getPropertyValue("--accent").trim();
    probe.fillRect(0, 0, 1, 1);
    const [red, green, blue] = probe.getImageData(0, 0, 1, 1).data;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) {
      if (data[i + 3] > 200 && Math.abs(data[i] - red) + Math.abs(data[i + 1] - green) + Math.abs(data[i + 2] - blue) < 12) count += 1;
    }
    return count;
  });
}

// Whether its upper and its lower edge can be pressed.
function isInReach(button) {
  return button.evaluate((element) => {
    const { left, width, top, bottom } = element.getBoundingClientRect();
    return [top + 2, bottom - 2].every((y) => element.contains(document.elementFromPoint(left + width / 2, y)));
  });
}

describe("a learner speaks into the page", () => {
  const set = stage({ spoken: "good.wav" });

  test("freely, on a phone: from the first tap to scores and Vietnamese advice", async () => {
    const { page, troubles, close } = await set.open();
    await page.locator(".sentence", { hasText: "Good morning! How are you today?" }).waitFor();
    assert.equal(await overflowPx(page), 0);
    await screenshot(page, "phone_home", { wholePage: false });

    await page.getByRole("link", { name: /Nói tự do/ }).click();
    await page.getByRole("button", { name: "Bấm để nói" }).waitFor();
    await screenshot(page, "phone_conversation", { wholePage: false });
    await speakFor(page, 2);
    await page.getByText("Mình đang nghe đây").waitFor();
    assert.doesNotMatch(await page.locator(".level__verdict").innerText(), /Hơi nhỏ/);
    await screenshot(page, "phone_recording", { wholePage: false });
    await untilSpoken(page, set.microphone.seconds);
    await stopSpeaking(page);
    await untilResult(page);

    assertHeard(await shownWords(page));
    const scores = await shownScores(page);
    assert.deepEqual(Object.keys(scores).sort(), SCORES);
    for (const [name, score] of Object.entries(scores)) assert.ok(score >= 0 && score <= 10, `${name} is ${score}`);
    assert.ok(scores.overall > 0);
    assert.match(await page.locator(".feedback__speech").innerText(), VIETNAMESE);
    assert.ok((await curvePixels(page)) > 200, "the pitch curve is drawn");
    assert.equal(await overflowPx(page), 0);
    assert.ok(await isInReach(page.getByRole("button", { name: "Nói lại" })), "nothing lies over the button");
    await screenshot(page, "phone_result");

    await page.locator(".sounds .word").first().click();
    await page.locator(".word--playing").waitFor();
    await page.getByRole("region", { name: /Các âm của từ/ }).locator(".phone").first().waitFor();
    await page.locator(".wave > div").waitFor();
    assert.deepEqual(troubles, []);
    await close();
  });

  test("a sentence, at a desk with the keyboard, twice: what differs is marked, and the scores are compared", async () => {
    const { page, troubles, close } = await set.open("", { viewport: DESKTOP });
    await page.getByRole("button", { name: "A2" }).click();
    await page.getByLabel("Chủ đề").selectOption("weather");
    const sentence = page.locator(".sentence").getByRole("link", { name: /The weather is better than it was yesterday/ });
    await sentence.waitFor();
    for (const other of await page.locator(".sentence__topic").allInnerTexts()) assert.equal(other, "Thời tiết");
    await screenshot(page, "desktop_home", { wholePage: false });
    await sentence.click();

    await page.getByText("Thời tiết hôm nay đẹp hơn hôm qua.").waitFor();
    const model = page.waitForResponse(/model-speech/);
    await page.getByRole("button", { name: "Nghe chậm" }).click();
    assert.equal((await model).headers()["content-type"], "audio/wav");
    await page.locator("h1").first().click();
    await page.keyboard.press("Space");
    await untilSpoken(page, 2);
    await screenshot(page, "desktop_recording", { wholePage: false });
    await untilSpoken(page, set.microphone.seconds);
    await page.keyboard.press("Space");
    await untilResult(page);
    const marked = await page.locator(".spoken:has(.spoken__remark) .word").allInnerTexts();
    assert.ok(marked.includes("weather") && marked.includes("better"), `not said: ${marked.join(" ")}`);
    assert.ok(!marked.includes("The"), "the first word was said");
    await page.getByRole("heading", { name: "Một việc nên làm tiếp" }).waitFor();
    await page.getByRole("status").filter({ hasText: "Nghe như một câu khác" }).getByText(/the girl was four/i).waitFor();
    await page.getByText("Vì sao điểm như vậy?").click();
    await page.locator(".reason", { hasText: /Mình chỉ nghe ra \d+% số từ của câu mẫu\./ }).waitFor();
    assert.equal(await page.getByRole("heading", { name: "Ngữ điệu của bạn và giọng mẫu" }).count(), 0, "another sentence was said");
    assert.equal(await page.locator(".change").count(), 0, "nothing to compare with yet");
    const first = await shownScores(page);
    await screenshot(page, "desktop_result");

    await page.getByRole("button", { name: "Nói lại" }).click();
    await untilSpoken(page, set.microphone.seconds);
    await stopSpeaking(page);
    await untilResult(page);
    assert.equal(await page.locator(".change").count(), SCORES.length);
    assert.ok(first.overall <= (await shownScores(page)).pronunciation + 10);
    await screenshot(page, "desktop_again");
    assert.deepEqual(troubles, []);
    await close();
  });

  test("with a dark screen and in English", async () => {
    const { page, troubles, close } = await set.open("", { colorScheme: "dark" });
    await page.getByRole("button", { name: "English" }).click();
    await page.getByRole("heading", { name: "What would you like to practise today?" }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
    await page.getByRole("link", { name: /Speak freely/ }).click();
    await page.getByRole("button", { name: "Tap to speak" }).click();
    await untilSpoken(page, set.microphone.seconds);
    await page.getByRole("button", { name: "Tap to stop" }).click();
    await page.getByRole("heading", { name: "Your result" }).waitFor({ timeout: 120_000 });
    await page.locator("canvas[data-drawn=true]").waitFor();
    assert.doesNotMatch(await page.locator("main").innerText(), /[ăđơư]/i, "nothing of the page is left in Vietnamese");
    await screenshot(page, "phone_dark_english");

    await page.reload();
    await page.getByRole("button", { name: "Tap to speak" }).waitFor();
    assert.deepEqual(troubles, []);
    await close();
  });

  test("three sentences at the first visit set the level", async () => {
    const { page, troubles, close } = await set.open();
    await page.getByRole("link", { name: /Xếp trình độ/ }).click();
    for (let step = 1; step <= 3; ++step) {
      await page.getByText(`Câu ${step} trên 3`).waitFor();
      await page.locator("input[type=file]").setInputFiles(recording("good.wav"));
    }
    const placed = page.getByRole("heading", { name: /Bạn bắt đầu ở mức (A1|A2|B1|B2|C1)/ });
    await placed.waitFor({ timeout: 120_000 });
    const level = (await placed.innerText()).slice(-2);
    await screenshot(page, "phone_placed", { wholePage: false });
    await page.getByRole("link", { name: "Luyện câu đầu tiên" }).click();
    await page.getByRole("button", { name: level, pressed: true }).waitFor();
    assert.equal(await page.getByRole("link", { name: /Xếp trình độ/ }).count(), 0, "asked once");
    await page.reload();
    await page.getByRole("button", { name: level, pressed: true }).waitFor();
    assert.deepEqual(troubles, []);
    await close();
  });

  test("today's five: one that was practised is ticked off; a sound to practise narrows the list", async () => {
    const { page, troubles, close } = await set.open();
    const today = page.getByRole("region", { name: "Năm câu hôm nay" });
    await today.getByText("0 / 5").waitFor();
    await today.locator(".today_five__link").first().click();
    await page.locator("input[type=file]").setInputFiles(recording("good.wav"));
    await untilResult(page);
    await page.getByRole("link", { name: "Bài khác", exact: true }).click();
    await today.getByText("1 / 5").waitFor();
    assert.equal(await today.locator(".today_five__link--done").count(), 1);
    await today.getByRole("link", { name: "Xem cả lộ trình" }).click();
    await page.getByText("Hôm nay đã đọc, nên đọc thêm lần nữa").or(page.getByText("Câu mới vừa sức")).first().waitFor();
    await page.getByRole("link", { name: "Chọn bài khác" }).click();
    const before = await page.locator(".sentences__count").innerText();
    await page.getByLabel("Âm cần luyện").selectOption("TH");
    assert.notEqual(await page.locator(".sentences__count").innerText(), before);
    for (const chips of await page.locator(".sentence .chips").allInnerTexts()) assert.ok(chips.includes("/θ/"), chips);
    assert.deepEqual(troubles, []);
    await close();
  });

  test("what was practised stays in the history, with its sound, until it is deleted", async () => {
    const { page, troubles, close } = await set.open("/history");
    await page.getByText("Bạn chưa luyện lần nào.", { exact: false }).waitFor();
    await page.goto(`${set.server.url}/conversation`);
    await page.locator("input[type=file]").setInputFiles(recording("good.wav"));
    await untilResult(page);
    await page.locator(".stars__star").nth(3).click();
    await page.getByText("Cảm ơn bạn nhé!").waitFor();
    const shared = page.waitForEvent("download");
    await page.getByRole("button", { name: "Chia sẻ" }).click();
    assert.equal((await shared).suggestedFilename(), "speech-coach.png");
    await (await shared).saveAs(screenshotPath("shared_result"));
    await page.getByRole("link", { name: "Lịch sử" }).click();
    await page.locator(".past").click();
    await page.getByRole("radio", { name: "4 sao", checked: true }).waitFor({ state: "attached" });
    await page.getByRole("button", { name: "Nghe lại" }).click();
    await page.locator(".word--playing").first().waitFor();
    await page.getByRole("button", { name: "Xóa lần luyện này" }).click();
    await page.getByRole("group", { name: "Xóa lần luyện này" }).getByRole("button", { name: "Xóa lần luyện này" }).click();
    await page.getByText("Bạn chưa luyện lần nào.", { exact: false }).waitFor();
    assert.deepEqual(troubles, []);
    await close();
  });

  test("a conversation with the coach, who speaks first, hears when an answer is over, and goes on", async () => {
    const { page, troubles, close } = await set.open("/conversation");
    await page.locator(".talk_topics__topic").first().click();
    await page.locator(".talk__coach").waitFor();
    for (const turn of [1, 2]) {
      // Nobody presses stop: the silence after the recording ends the turn.
      await page.getByRole("button", { name: "Bấm để nói" }).click();
      await page.locator(".talk__learner").nth(turn - 1).waitFor({ timeout: 120_000 });
      await page.locator(".talk__coach").nth(turn).waitFor({ timeout: 120_000 });
    }
    const heard = await page.locator(".talk__learner .talk__words").first().innerText();
    assertHeard(heard.toLowerCase().replace(/[^a-z' ]/g, "").split(" "));
    assert.deepEqual(await violations(page), [], "a conversation");
    assert.equal(await overflowPx(page), 0);
    await screenshot(page, "phone_talk");
    await page.getByRole("link", { name: "Lịch sử" }).click();
    await page.locator(".past").waitFor();
    assert.equal(await page.locator(".past").count(), 1, "two answers are one session");
    assert.deepEqual(troubles, []);
    await close();
  });

  test("and changes their mind", async () => {
    const { page, troubles, close } = await set.open("/conversation");
    await speakFor(page, 1);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Bấm để nói" }).waitFor();
    assert.deepEqual(troubles, []);
    await close();
  });
});
