import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { violations } from "./support/axe.mjs";
import { DESKTOP, overflowPx, PHONE } from "./support/browser.mjs";
import { stage } from "./support/stage.mjs";

async function posted(url, body, token) {
  const headers = { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) };
  return (await fetch(url, { method: "POST", headers, body: JSON.stringify(body) })).json();
}

async function looksWell(page, what) {
  for (const viewport of [PHONE, DESKTOP]) {
    await page.setViewportSize(viewport);
    assert.deepEqual(await violations(page), [], what);
    assert.equal(await overflowPx(page), 0, `${what}: wider than the screen`);
  }
}

describe("a guardian", () => {
  const set = stage();

  test("reads what is recorded, agrees, and takes it back", async () => {
    const api = `${set.server.url}/api/v1/auth`;
    const { token } = await posted(`${api}/guest`, { name: "Minh", is_child: true });
    const { path } = await posted(`${api}/me/guardian-link`, {}, token);
    const consent = async () => (await fetch(`${api}/me/guardian-consent`, { headers: { Authorization: `Bearer ${token}` } })).json();

    const { page, troubles, close } = await set.open(path);
    await page.getByText("Minh muốn luyện nói tiếng Anh ở đây", { exact: false }).waitFor();
    const name = page.getByLabel("Họ tên của anh chị");
    await page.getByRole("button", { name: "tôi đồng ý" }).click();
    await page.getByText("Anh chị vui lòng ghi họ tên nhé.").waitFor();
    assert.equal(await name.getAttribute("aria-invalid"), "true");
    assert.ok(await name.evaluate((input) => input === document.activeElement));
    await looksWell(page, "asked");
    await name.fill("Trần Văn Bình");
    await page.getByRole("button", { name: "tôi đồng ý" }).click();
    await page.getByText("Anh chị đã đồng ý cho Minh luyện nói.", { exact: false }).waitFor();
    assert.equal((await consent()).guardian, "Trần Văn Bình");
    assert.equal(await name.isVisible(), false, "there is nothing more to agree to");
    assert.equal(await page.getByRole("button", { name: "tôi đồng ý" }).isVisible(), false);

    await page.getByRole("button", { name: "Tôi không đồng ý" }).click();
    await page.getByText("Mọi bản ghi âm và kết quả luyện nói của con sẽ bị xóa ngay", { exact: false }).waitFor();
    await looksWell(page, "sure");
    await page.getByRole("button", { name: "Thôi, giữ lại" }).click();
    assert.equal((await consent()).is_given, true, "one press deletes nothing");
    await page.getByRole("button", { name: "Tôi không đồng ý" }).click();
    await page.getByRole("button", { name: "Tôi chắc chắn, xóa hết" }).click();
    await page.getByText("Đã ghi nhận", { exact: false }).waitFor();
    assert.equal((await consent()).is_given, false);
    assert.deepEqual(troubles, []);
    await close();
  });

  test("with a link that is over is told so, in Vietnamese or in the language that was chosen", async () => {
    const { page, troubles, close } = await set.open("/guardian#0000", { expected: [/status of 404/] });
    await page.getByText("Đường dẫn này không còn dùng được.", { exact: false }).waitFor();
    assert.equal(await page.title(), "Xin sự đồng ý của cha mẹ hoặc người giám hộ · Speech Coach");
    await page.getByRole("button", { name: "English" }).click();
    await page.getByText("This link is not valid any more.", { exact: false }).waitFor();
    await page.reload();
    await page.getByText("This link is not valid any more.", { exact: false }).waitFor();
    assert.equal(await page.title(), "A parent's or guardian's consent · Speech Coach");
    assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
    assert.deepEqual(troubles, []);
    await close();
  });
});
