// A class from both sides: who teaches it and who learns in it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { violations } from "./support/axe.mjs";
import { LOOKS, overflowPx, screenshot } from "./support/browser.mjs";
import { recording } from "./support/paths.mjs";
import { untilResult } from "./support/practice.mjs";
import { signInAs } from "./support/sign_in.mjs";
import { stage } from "./support/stage.mjs";
import { teacherSignIn } from "./support/teacher.mjs";

const SENTENCE = "The girl was four at the time.";

describe("a class", () => {
  const set = stage();

  test("is opened, joined, given a sentence to read; the teacher hears it and says something, and the learner answers", async () => {
    const teacher = await set.open("/settings", { expected: [/status of 400/] });
    await signInAs(teacher.page, await teacherSignIn(set.server));
    await teacher.page.goto(`${set.server.url}/`);
    await teacher.page.getByRole("link", { name: "Lớp học" }).click();
    await teacher.page.getByLabel("Tên lớp").fill("Lớp 9A");
    await teacher.page.getByRole("button", { name: "Mở lớp" }).click();
    await teacher.page.getByRole("link", { name: /Lớp 9A/ }).click();
    const code = (await teacher.page.locator(".class_code").innerText()).trim();
    assert.match(code, /^[2-9A-Z]{8}$/);

    const learner = await set.open("/settings");
    await learner.page.getByRole("link", { name: /^Lớp học/ }).click();
    await learner.page.getByLabel("Mã lớp").fill(`${code.slice(0, 4)} ${code.slice(4).toLowerCase()}`);
    await learner.page.getByRole("button", { name: "Vào lớp" }).click();
    await learner.page.getByRole("heading", { name: "Lớp 9A" }).waitFor();
    await learner.page.getByText("Chưa có bài nào được giao.").waitFor();

    await teacher.page.goto(`${set.server.url}/my-sentences`);
    const table = teacher.page.getByRole("form", { name: "Thêm nhiều câu" });
    await table.locator("textarea").fill("text,level,text_vi\nSee you on Thursday.,B9,\n");
    await table.getByRole("button", { name: "Gửi danh sách" }).click();
    await table.getByText("Dòng 2", { exact: false }).waitFor();
    await table.locator("textarea").fill(`text,level,text_vi\n"Mai, could you close the door?",A2,Mai đóng cửa giúp mình nhé?\n`);
    await table.getByRole("button", { name: "Gửi danh sách" }).click();
    await table.getByText("Đã thêm 1 câu.").waitFor();
    await teacher.page.getByLabel("Câu tiếng Anh", { exact: true }).fill(SENTENCE);
    await teacher.page.getByRole("button", { name: "Thêm câu", exact: true }).click();
    await teacher.page.locator(".given_item", { hasText: SENTENCE }).waitFor();
    await teacher.page.getByRole("link", { name: "Lớp học" }).first().click();
    await teacher.page.getByRole("link", { name: /Lớp 9A/ }).click();
    await teacher.page.getByRole("heading", { name: "Học viên: 1" }).waitFor();
    await teacher.page.locator("select[name=sentence]").selectOption({ label: SENTENCE });
    await teacher.page.getByLabel("Lời nhắn cho lớp").fill("Các em đọc chậm thôi nhé.");
    await teacher.page.getByLabel("Hạn cuối ngày").fill("2099-12-31");
    await teacher.page.getByRole("button", { name: "Giao câu này" }).click();
    await teacher.page.getByText("Đã đọc: 0 / 1 học viên").waitFor();
    await teacher.page.getByLabel("Tên mục tiêu").fill("Cả lớp khởi động");
    await teacher.page.getByLabel("Cả lớp cần đạt").fill("2");
    await teacher.page.getByLabel("Tính theo").selectOption("sessions");
    await teacher.page.getByLabel("Đến hết ngày").fill("2099-12-31");
    await teacher.page.getByRole("button", { name: "Đặt mục tiêu" }).click();
    await teacher.page.getByText("Cả lớp đã luyện 0 trên 2 lần").waitFor();

    await learner.page.getByRole("link", { name: "Luyện nói" }).click();
    const given = learner.page.getByRole("region", { name: "Bài được giao: 1" });
    await given.getByText("Các em đọc chậm thôi nhé.").waitFor();
    await screenshot(learner.page, "phone_given", { wholePage: false });
    await learner.page.reload();
    await given.getByRole("link").click();
    await learner.page.locator("input[type=file]").setInputFiles(recording("good.wav"));
    await untilResult(learner.page);
    await learner.page.getByRole("link", { name: "Bài khác", exact: true }).click();
    await given.waitFor({ state: "detached" });
    await learner.page.getByRole("link", { name: "Lớp học" }).click();
    await learner.page.locator(".score_chip").first().waitFor();
    await learner.page.getByText("bạn góp 1 lần", { exact: false }).waitFor();
    await learner.page.getByRole("button", { name: "Cho mình lên bảng" }).click();
    await learner.page.getByRole("button", { name: "Rút tên khỏi bảng" }).waitFor();
    await learner.page.locator(".leaderboard__learner--own").waitFor();

    await teacher.page.reload();
    await teacher.page.getByText("Đã đọc: 1 / 1 học viên").click();
    await teacher.page.getByText(/điểm, đọc 1 lần/).waitFor();
    const room = teacher.page.url();
    const gradebook = teacher.page.waitForEvent("download");
    await teacher.page.getByRole("button", { name: "Tải bảng điểm" }).click();
    assert.match((await gradebook).suggestedFilename(), /^gradebook-\d+\.csv$/);
    await teacher.page.getByRole("link", { name: /Học viên số \d+.*1 lần luyện/ }).click();
    await teacher.page.locator(".past").click();
    await teacher.page.getByRole("button", { name: "Nghe lại" }).click();
    await teacher.page.getByLabel(/Gắn vào chỗ vừa nghe/).check();
    await teacher.page.locator("textarea[name=text]").fill("Âm cuối rõ hơn rồi đó!");
    await teacher.page.getByRole("button", { name: "Gửi", exact: true }).click();
    await teacher.page.locator(".comment", { hasText: "Âm cuối rõ hơn rồi đó!" }).getByRole("button", { name: /Nghe từ 0:0/ }).waitFor();
    const heard = teacher.page.url();

    await learner.page.getByRole("link", { name: "Lịch sử" }).click();
    await learner.page.locator(".past").click();
    await learner.page.locator(".comment", { hasText: "Cô Hoa" }).waitFor();
    await learner.page.locator("textarea[name=text]").fill("Em cảm ơn cô.");
    await learner.page.getByRole("button", { name: "Gửi", exact: true }).click();
    await learner.page.locator(".comment--own", { hasText: "Em cảm ơn cô." }).waitFor();
    await learner.page.goto(`${set.server.url}/classes`);
    await learner.page.getByText("Ai đã xem và nghe bài của bạn").click();
    await learner.page.getByText("Cô Hoa đã nghe một bản ghi.").waitFor();
    assert.deepEqual(await violations(learner.page), [], "a learner's classes");
    await screenshot(learner.page, "phone_classes_learner");

    const pages = [
      { name: "classes", url: `${set.server.url}/classes`, ready: ".plain_list__link" },
      { name: "class", url: room, ready: ".given_item" },
      { name: "learner", url: heard.slice(0, heard.lastIndexOf("/")), ready: ".past" },
      { name: "learners_session", url: heard, ready: ".comment" },
      { name: "my_sentences", url: `${set.server.url}/my-sentences`, ready: ".given_item" },
    ];
    for (const { name: size, viewport, colorScheme } of LOOKS) {
      await teacher.page.setViewportSize(viewport);
      await teacher.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      for (const { name, url, ready } of pages) {
        await teacher.page.goto(url);
        await teacher.page.locator(ready).first().waitFor();
        assert.deepEqual(await violations(teacher.page), [], `${name}, ${size}, ${colorScheme}`);
        assert.equal(await overflowPx(teacher.page), 0, `${name}, ${size}: wider than the screen`);
        await screenshot(teacher.page, `${name}_${size}_${colorScheme}`);
      }
    }

    await learner.page.getByRole("button", { name: "Rời lớp" }).click();
    await learner.page.getByRole("group", { name: "Rời lớp" }).getByRole("button", { name: "Rời lớp" }).click();
    await learner.page.getByRole("heading", { name: "Lớp 9A" }).waitFor({ state: "detached" });
    await teacher.page.goto(room);
    await teacher.page.getByText("Chưa có ai vào lớp.", { exact: false }).waitFor();
    assert.deepEqual(teacher.troubles, []);
    assert.deepEqual(learner.troubles, []);
    await teacher.close();
    await learner.close();
  });
});
