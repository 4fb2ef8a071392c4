import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { screenshot } from "./support/browser.mjs";
import { stage } from "./support/stage.mjs";

describe("without a network", () => {
  const set = stage();

  test("the page opens, with its sentences, and says what waits", async () => {
    const { page, troubles, close } = await set.open("", { serviceWorkers: "allow", expected: [/ERR_INTERNET_DISCONNECTED|ERR_FAILED/] });
    await page.locator(".sentence", { hasText: "Good morning! How are you today?" }).waitFor();
    await page.evaluate(() => navigator.serviceWorker.ready);
    // The first visit's own requests were made before there was a worker to keep them.
    await page.reload();
    await page.locator(".sentence", { hasText: "Good morning! How are you today?" }).waitFor();
    await page.context().setOffline(true);
    await page.goto(`${set.server.url}/sentence/1`);
    await page.getByText("Bạn đang ngoại tuyến.", { exact: false }).waitFor();
    await page.getByRole("button", { name: "Bấm để nói" }).waitFor();
    await page.getByRole("link", { name: "Chọn bài khác" }).click();
    await page.locator(".sentence", { hasText: "Good morning! How are you today?" }).waitFor();
    await screenshot(page, "phone_offline", { wholePage: false });
    await page.context().setOffline(false);
    await page.getByText("Bạn đang ngoại tuyến.", { exact: false }).waitFor({ state: "hidden" });
    assert.deepEqual(troubles, []);
    await close();
  });

  test("it can be installed: a manifest with icons that are there", async () => {
    const manifest = await (await fetch(`${set.server.url}/manifest.webmanifest`)).json();
    assert.equal(manifest.display, "standalone");
    for (const { src, sizes, type } of manifest.icons) {
      const icon = await fetch(`${set.server.url}${src}`);
      assert.equal(icon.status, 200, src);
      assert.equal(icon.headers.get("content-type"), type, `${src} of ${sizes}`);
    }
  });
});
