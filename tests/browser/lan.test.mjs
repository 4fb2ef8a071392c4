// A classroom with one laptop: phones come by a QR code, to a certificate of the laptop's own.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { violations } from "./support/axe.mjs";
import { launchBrowser, openPage, overflowPx, screenshot } from "./support/browser.mjs";
import { microphoneFile } from "./support/microphone_file.mjs";
import { recording } from "./support/paths.mjs";
import { assertHeard, shownWords, speakFor, stopSpeaking, untilResult, untilSpoken } from "./support/practice.mjs";
import { startServer } from "./support/server.mjs";
import { signInAs } from "./support/sign_in.mjs";
import { teacherSignIn } from "./support/teacher.mjs";

describe("a classroom", () => {
  let server;
  let microphone;
  let browser;
  before(async () => {
    server = await startServer(["--lan", "--host", "127.0.0.1", "--set", "limits.sessions_per_hour=1"]);
    microphone = await microphoneFile(recording("good.wav"));
    browser = await launchBrowser(microphone.path);
  });
  after(async () => {
    await browser?.close();
    await microphone?.remove();
    await server?.stop();
  });

  test("a phone comes by the QR code, joins, is heard, and is told when that was enough for an hour", async () => {
    const signIn = await teacherSignIn(server);
    const headers = { Authorization: `Bearer ${signIn.token}`, "Content-Type": "application/json" };
    const opened = await (await fetch(`${server.url}/api/v1/classes`, { method: "POST", headers, body: JSON.stringify({ name: "Lớp 9A" }) })).json();
    const secure = server.url.replace("http://localhost", "https://127.0.0.1");
    const teacher = await openPage(browser, `${server.url}/settings`);
    await signInAs(teacher.page, signIn);
    await teacher.page.goto(`${server.url}/classes/${opened.id}`);
    await teacher.page.getByRole("img", { name: "Mã QR để vào lớp" }).scrollIntoViewIfNeeded();
    await teacher.page.getByText(secure, { exact: true }).waitFor();
    const { fingerprint } = await (await fetch(`${server.url}/api/v1/lan`, { headers })).json();
    await teacher.page.getByText(fingerprint, { exact: true }).waitFor();
    assert.deepEqual(await violations(teacher.page), []);
    assert.equal(await overflowPx(teacher.page), 0);
    await screenshot(teacher.page, "phone_class_code");
    assert.deepEqual(teacher.troubles, []);
    await teacher.close();

    // As a learner who has compared the fingerprint and goes on.
    const { page, troubles, close } = await openPage(browser, `${secure}/classes?code=${opened.code}`, { trustsAll: true });
    assert.equal(await page.getByLabel("Mã lớp").inputValue(), opened.code);
    await page.getByRole("button", { name: "Vào lớp" }).click();
    await page.getByRole("heading", { name: "Lớp 9A" }).waitFor();
    await page.getByRole("link", { name: "Luyện nói" }).click();
    await page.getByRole("link", { name: /Nói tự do/ }).click();
    await speakFor(page, 1);
    await page.getByText("Mình đang nghe đây").waitFor();
    await untilSpoken(page, microphone.seconds);
    await stopSpeaking(page);
    await untilResult(page);
    assertHeard(await shownWords(page));
    await page.getByRole("button", { name: "Nói lại" }).click();
    await page.getByRole("heading", { name: "Bạn đã luyện đủ lượt của giờ này" }).waitFor();
    await page.getByText("Bạn có thể thử lại sau", { exact: false }).waitFor();
    await screenshot(page, "phone_limit", { wholePage: false });
    assert.deepEqual(troubles, []);
    await close();
  });
});
