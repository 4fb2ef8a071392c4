import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { stage } from "./support/stage.mjs";

async function posted(url, body, token) {
  const headers = { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) };
  return (await fetch(url, { method: "POST", headers, body: JSON.stringify(body) })).json();
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
    await page.getByRole("button", { name: "tôi đồng ý" }).click();
    await page.getByText("Anh chị vui lòng ghi họ tên nhé.").waitFor();
    await page.getByLabel("Họ tên của anh chị").fill("Trần Văn Bình");
    await page.getByRole("button", { name: "tôi đồng ý" }).click();
    await page.getByText("Anh chị đã đồng ý cho Minh luyện nói.", { exact: false }).waitFor();
    assert.equal((await consent()).guardian, "Trần Văn Bình");
    await page.getByRole("button", { name: "Tôi không đồng ý" }).click();
    await page.getByText("Đã ghi nhận", { exact: false }).waitFor();
    assert.equal((await consent()).is_given, false);
    assert.deepEqual(troubles, []);
    await close();
  });

  test("with a link that is over is told so", async () => {
    const { page, close } = await set.open("/guardian#0000", { expected: [/status of 404/] });
    await page.getByText("Đường dẫn này không còn dùng được.", { exact: false }).waitFor();
    await close();
  });
});
