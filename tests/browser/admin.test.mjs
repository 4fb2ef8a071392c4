import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, test } from "node:test";
import { violations } from "./support/axe.mjs";
import { DESKTOP, LOOKS, overflowPx, screenshot } from "./support/browser.mjs";
import { startLanguageModel } from "./support/language_model.mjs";
import { recording } from "./support/paths.mjs";
import { untilResult } from "./support/practice.mjs";
import { signedIn } from "./support/sign_in.mjs";
import { stage } from "./support/stage.mjs";

const GOOD_KEY = "sk-a-key-that-works-0001";
const BAD_KEY = "sk-a-key-that-does-not-0002";

describe("an administrator", () => {
  const set = stage();
  let model;
  before(async () => (model = await startLanguageModel(GOOD_KEY)));
  after(async () => model?.stop());

  test("adds a key, tests it, limits it, pauses it and uses it again; nobody else sees any of it", async () => {
    const { page, troubles, close } = await set.open("", { viewport: DESKTOP });
    await page.locator(".sentence").first().waitFor();
    assert.equal(await page.getByRole("link", { name: "Quản trị" }).count(), 0, "a learner is not offered it");

    await page.goto(`${set.server.url}/conversation`);
    await page.locator("input[type=file]").setInputFiles(recording("good.wav"));
    await untilResult(page);
    await page.getByText("Tôi thấy điểm này chưa đúng").click();
    await page.getByLabel("Vì sao?").fill("Mình nói liền một mạch mà.");
    await page.getByRole("button", { name: "Gửi để xem lại" }).click();
    await page.getByText("Cảm ơn bạn.", { exact: false }).waitFor();

    const database = new DatabaseSync(join(set.server.dataDirectory, "speechcoach.db"));
    database.exec("PRAGMA busy_timeout = 5000; UPDATE users SET role = 'admin'");
    database.close();
    const { token } = await signedIn(page);
    const pointed = await fetch(`${set.server.url}/api/v1/admin/llm/providers/openai`, {
      method: "PATCH",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      body: JSON.stringify({ base_url: model.url }),
    });
    assert.equal(pointed.status, 200);

    await page.reload();
    await page.getByRole("link", { name: "Quản trị" }).click();
    const openai = page.getByRole("region", { name: "openai" });
    await openai.getByText("chưa có khóa").waitFor();

    const addKey = async (name, key) => {
      await openai.getByRole("button", { name: "Thêm khóa" }).click();
      await openai.getByLabel("Tên gọi").fill(name);
      await openai.getByLabel("Khóa API").fill(key);
      await openai.getByRole("button", { name: "Thêm khóa" }).click();
      await openai.getByText(`…${key.slice(-4)}`).waitFor();
    };
    await addKey("lớp sáng", GOOD_KEY);
    await addKey("khóa cũ", BAD_KEY);
    assert.ok(!(await page.content()).includes(GOOD_KEY), "a key never comes out again");

    const good = openai.getByRole("listitem").filter({ hasText: "lớp sáng" });
    const bad = openai.getByRole("listitem").filter({ hasText: "khóa cũ" });
    await good.getByRole("button", { name: "Thử khóa" }).click();
    await good.getByText(/Khóa dùng được: .* trả lời sau \d+ ms/).waitFor();
    await bad.getByRole("button", { name: "Thử khóa" }).click();
    await bad.getByText("Khóa chưa dùng được", { exact: false }).waitFor();

    await good.getByRole("button", { name: "Giới hạn" }).click();
    await good.getByLabel("Lời gọi mỗi ngày").fill("500");
    await good.getByLabel("Ngân sách mỗi tháng (USD)").fill("2.5");
    await good.getByRole("button", { name: "Lưu" }).click();
    await good.getByText("tối đa 500 lời gọi mỗi ngày", { exact: false }).waitFor();
    await good.getByText("trên $2,50", { exact: false }).waitFor();

    await good.getByRole("button", { name: "Tạm dừng" }).click();
    await good.getByText("tạm dừng", { exact: true }).waitFor();
    await page.reload();
    await good.getByText("tạm dừng", { exact: true }).waitFor();
    await good.getByRole("button", { name: "Dùng lại" }).click();
    await good.getByText("đang dùng", { exact: true }).waitFor();
    for (const { name: size, viewport, colorScheme } of LOOKS) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.reload();
      await good.getByText("đang dùng", { exact: true }).waitFor();
      assert.deepEqual(await violations(page), [], `${size}, ${colorScheme}`);
      assert.equal(await overflowPx(page), 0, `${size}: wider than the screen`);
      await screenshot(page, `admin_${size}_${colorScheme}`);
    }

    const report = page.locator("details", { hasText: "Học viên luyện tập và tiến bộ thế nào?" });
    await report.getByText("Học viên luyện tập và tiến bộ thế nào?").click();
    await report.getByText("chưa đủ học viên").first().waitFor();
    assert.deepEqual(await violations(page), [], "the report");
    assert.equal(await overflowPx(page), 0, "the report: wider than the screen");
    await screenshot(page, "admin_report");

    const disputed = page.locator("details", { hasText: "Điểm bị cho là chưa đúng" });
    await disputed.getByText("Điểm bị cho là chưa đúng").click();
    await disputed.getByText("Mình nói liền một mạch mà.").waitFor();
    await disputed.getByRole("button", { name: "Nghe bản ghi" }).click();
    await disputed.getByRole("button", { name: "Nghe lại" }).click();
    await disputed.getByRole("button", { name: "Đã xem xong" }).click();
    await disputed.getByText("Không có điểm nào cần xem lại.").waitFor();

    // The model answers, but writes no advice.
    await page.goto(`${set.server.url}/conversation`);
    await page.locator("input[type=file]").setInputFiles(recording("good.wav"));
    await page.getByRole("heading", { name: "Đây là phân tích sơ bộ" }).waitFor({ timeout: 120_000 });
    await screenshot(page, "degraded_desktop", { wholePage: false });
    assert.deepEqual(troubles, []);
    await close();
  });
});
