// What the learner sees from the press of the button to the result, in one picture.
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PHONE, openPage } from "./browser.mjs";
import { screenshots } from "./paths.mjs";
import { speakFor, stopSpeaking, untilSpoken } from "./practice.mjs";

const STRIP_MS = 250;
const SHOWN_WIDTH = 240;
const COLUMNS = 8;

// Pictures as PNG, with when each was taken, in milliseconds since the button was pressed.
async function frames(browser, url, seconds) {
  const { page, close } = await openPage(browser, `${url}/conversation`, { viewport: PHONE });
  await speakFor(page, 1);
  await untilSpoken(page, seconds);
  const pressed = Date.now();
  await stopSpeaking(page);
  let done = false;
  const result = page.getByRole("heading", { name: "Kết quả của bạn" }).waitFor({ timeout: 120_000 }).then(() => (done = true));
  const taken = [];
  for (let at = 0; ; at += STRIP_MS) {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, pressed + at - Date.now())));
    const wasDone = done;
    const at_ms = Date.now() - pressed;
    taken.push({ at_ms, picture: await page.screenshot() });
    if (wasDone) break;
  }
  await result;
  await close();
  return taken;
}

// Leaves a picture for each moment and filmstrip.png with all of them in build/browser/filmstrip; answers the moments.
export async function drawFilmstrip(browser, url, seconds) {
  const folder = join(screenshots, "filmstrip");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const taken = await frames(browser, url, seconds);
  for (const { at_ms, picture } of taken) await writeFile(join(folder, `${String(at_ms).padStart(5, "0")}_ms.png`), picture);

  const page = await browser.newPage({ viewport: { width: COLUMNS * (SHOWN_WIDTH + 8), height: 600 } });
  const figures = taken.map(
    ({ at_ms, picture }) =>
      `<figure><figcaption>${(at_ms / 1000).toFixed(2)} s</figcaption><img width="${SHOWN_WIDTH}" src="data:image/png;base64,${picture.toString("base64")}"></figure>`,
  );
  const style = "body{margin:0;display:flex;flex-wrap:wrap;font:14px sans-serif}figure{margin:4px}figcaption{padding:4px}";
  await page.setContent(`<style>${style}</style>${figures.join("")}`);
  await page.screenshot({ path: join(folder, "filmstrip.png"), fullPage: true });
  await page.close();
  return taken.map(({ at_ms }) => at_ms);
}
