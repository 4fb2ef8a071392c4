import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { overflowPx, screenshot } from "./support/browser.mjs";
import { recording } from "./support/paths.mjs";
import { untilResult } from "./support/practice.mjs";
import { stage } from "./support/stage.mjs";

const EMAIL = "lan@example.com";
const PASSWORD = "mật khẩu của Lan";

describe("a learner with an account", () => {
  const set = stage();

  async function logIn(page, password) {
    await page.getByRole("button", { name: "Đăng nhập" }).first().click();
    const form = page.getByRole("form", { name: "Đăng nhập" });
    await form.getByLabel("Email").fill(EMAIL);
    await form.getByLabel("Mật khẩu").fill(password);
    await form.getByRole("button", { name: "Đăng nhập" }).click();
  }

  test("takes the guest's practice along, to another device, and sees the progress", async () => {
    const first = await set.open("/progress");
    await first.page.getByRole("heading", { name: "0 ngày liên tiếp", exact: true }).waitFor();
    await first.page.goto(`${set.server.url}/sentence/1`);
    await first.page.locator("input[type=file]").setInputFiles(recording("good.wav"));
    await untilResult(first.page);

    await first.page.getByRole("link", { name: "Cài đặt" }).click();
    await first.page.getByRole("button", { name: "Tạo tài khoản" }).click();
    const form = first.page.getByRole("form", { name: "Tạo tài khoản" });
    await form.getByLabel("Tên của bạn").fill("Lan");
    await form.getByLabel("Email").fill(EMAIL);
    await form.getByLabel("Mật khẩu").fill(PASSWORD);
    await form.getByRole("button", { name: "Tạo tài khoản" }).click();
    await first.page.getByText("Chào Lan!", { exact: false }).waitFor();
    assert.deepEqual(first.troubles, []);
    await first.close();

    const second = await set.open("/settings", { expected: [/status of 401/] });
    await logIn(second.page, "không phải");
    await second.page.getByRole("alert").waitFor();
    await second.page.getByRole("button", { name: "Đăng nhập" }).first().click();
    await logIn(second.page, PASSWORD);
    await second.page.getByText("Chào Lan!", { exact: false }).waitFor();
    const kept = second.page.waitForEvent("download");
    await second.page.getByRole("button", { name: "Tải dữ liệu của bạn" }).click();
    const { person, sessions } = JSON.parse(await readFile(await (await kept).path(), "utf8"));
    assert.equal(person.user.email, EMAIL);
    assert.deepEqual(sessions.map(({ reference_text }) => reference_text), ["Good morning! How are you today?"]);
    await second.page.getByText("Xong rồi! Tệp có 1 lần luyện của bạn.").waitFor();
    await screenshot(second.page, "phone_account");
    await second.page.getByRole("link", { name: "Lịch sử" }).click();
    await second.page.locator(".past", { hasText: "Good morning! How are you today?" }).waitFor();
    await second.page.getByRole("link", { name: "Tiến bộ" }).click();
    await second.page.getByRole("heading", { name: "1 ngày liên tiếp", exact: true }).waitFor();
    await second.page.locator(".calendar__day--1, .calendar__day--2").waitFor();
    assert.equal(await overflowPx(second.page), 0);
    await screenshot(second.page, "phone_progress");
    await second.page.getByRole("link", { name: "Cài đặt" }).click();
    await second.page.getByRole("button", { name: "Đăng xuất" }).click();
    await second.page.getByRole("button", { name: "Tạo tài khoản" }).waitFor();
    assert.deepEqual(second.troubles, []);
    await second.close();
  });
});
