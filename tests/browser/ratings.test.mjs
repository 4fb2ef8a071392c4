// Learners let teachers rate what they read; teachers rate it without knowing whose it is; administrators see how far the program agrees.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { violations } from "./support/axe.mjs";
import { LOOKS, overflowPx, screenshot } from "./support/browser.mjs";
import { recording } from "./support/paths.mjs";
import { untilResult } from "./support/practice.mjs";
import { signInAs } from "./support/sign_in.mjs";
import { stage } from "./support/stage.mjs";
import { teacherSignIn } from "./support/teacher.mjs";

describe("blind ratings", () => {
  const set = stage();

  async function openAs(account, path) {
    const opened = await set.open("/settings");
    await signInAs(opened.page, await teacherSignIn(set.server, account));
    await opened.page.goto(`${set.server.url}${path}`);
    return opened;
  }

  async function rate(page, points) {
    await page.getByText("Thầy cô nghe bài đọc trước rồi hãy chấm nhé.").waitFor();
    await page.getByRole("button", { name: "Nghe lại" }).click();
    for (const name of ["Phát âm", "Trôi chảy", "Ngữ điệu", "Tổng thể"]) {
      await page.getByRole("group", { name }).getByText(String(points), { exact: true }).click();
    }
    await page.getByRole("button", { name: "Gửi và nghe bài tiếp theo" }).click();
    await page.getByText("Thầy cô đã chấm 1 bài.", { exact: false }).waitFor();
    await page.getByText("Hiện chưa có bài nào chờ thầy cô chấm.", { exact: false }).waitFor();
  }

  test("a learner consents, two teachers hear and rate the reading, and the administrator sees one reading", async () => {
    const learner = await set.open("/settings");
    await learner.page.getByLabel(/Cho thầy cô nghe và chấm bài đọc của mình/).check();
    await learner.page.locator("[aria-disabled=false][type=checkbox]").waitFor();
    await learner.page.reload();
    assert.ok(await learner.page.getByLabel(/Cho thầy cô nghe và chấm bài đọc của mình/).isChecked(), "kept");
    await learner.page.goto(`${set.server.url}/sentence/1`);
    await learner.page.locator("input[type=file]").setInputFiles(recording("good.wav"));
    await untilResult(learner.page);

    const first = await openAs({}, "/ratings");
    await first.page.getByRole("heading", { name: "Good morning! How are you today?" }).waitFor();
    for (const { name: size, viewport, colorScheme } of LOOKS) {
      await first.page.setViewportSize(viewport);
      await first.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await first.page.reload();
      await first.page.getByRole("button", { name: "Nghe lại" }).click();
      await first.page.locator(".scale").first().waitFor();
      assert.deepEqual(await violations(first.page), [], `ratings, ${size}, ${colorScheme}`);
      assert.equal(await overflowPx(first.page), 0, `ratings, ${size}: wider than the screen`);
      await screenshot(first.page, `ratings_${size}_${colorScheme}`);
    }
    await first.page.reload();
    await rate(first.page, 7);

    const second = await openAs({ email: "nam@example.org", name: "Thầy Nam" }, "/classes");
    await second.page.getByRole("link", { name: "Chấm bài đọc" }).click();
    await rate(second.page, 5);

    const admin = await openAs({ email: "admin@example.org", name: "Quản trị", role: "admin" }, "/admin");
    await admin.page.getByText("Máy chấm có giống thầy cô không?").click();
    await admin.page.getByRole("row", { name: /^Phát âm 1 / }).waitFor();
    assert.deepEqual(await violations(admin.page), [], "the agreement");
    await screenshot(admin.page, "phone_agreement");
    for (const { troubles, close } of [learner, first, second, admin]) {
      assert.deepEqual(troubles, []);
      await close();
    }
  });
});
