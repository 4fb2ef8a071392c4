// Figures of the page, for bench/web.py: prints one line of JSON.
import { PHONE, launchBrowser, openPage } from "./support/browser.mjs";
import { microphoneFile } from "./support/microphone_file.mjs";
import { recording } from "./support/paths.mjs";
import { speakFor, stopSpeaking, untilResult, untilSpoken } from "./support/practice.mjs";
import { startServer } from "./support/server.mjs";

const VISITS = 5;
const PRACTICES = 3;
const CPU_SLOWER = 4;
const FRAME_MS = 1000 / 60;

// Everything of one first visit, with nothing kept from before.
async function visit(browser, url) {
  const { page, close } = await openPage(browser, "about:blank", { viewport: PHONE });
  await page.addInitScript(() => {
    window.shift = 0;
    window.shifted = [];
    new PerformanceObserver((list) => {
      for (const { hadRecentInput, value, sources } of list.getEntries()) {
        if (hadRecentInput) continue;
        window.shift += value;
        for (const { node } of sources) window.shifted.push(node?.className || node?.nodeName || "gone");
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWER });
  await page.goto(url);
  // Usable: the sentences are there, and the page answers to a filter within a frame or two.
  const usable_ms = await page.evaluate(async () => {
    while (document.querySelector(".sentence") === null) await new Promise(requestAnimationFrame);
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    return performance.now();
  });
  await page.waitForLoadState("networkidle");
  const seen = await page.evaluate(() => ({
    shift: window.shift,
    shifted: window.shifted,
    bytes: performance.getEntriesByType("resource").filter(({ name }) => name.endsWith(".js")).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
  }));
  await close();
  return { interactive_s: usable_ms / 1000, layout_shift: seen.shift, shifted: seen.shifted, script_kib: seen.bytes / 1024 };
}

// Work of the main thread in each frame's time, and each task's length, while `work` goes on. Milliseconds.
async function traced(page, work) {
  const devtools = await page.context().newCDPSession(page);
  const events = [];
  devtools.on("Tracing.dataCollected", ({ value }) => events.push(...value));
  await devtools.send("Tracing.start", { categories: "toplevel,disabled-by-default-devtools.timeline,devtools.timeline", transferMode: "ReportEvents" });
  await work();
  const complete = new Promise((resolve) => devtools.once("Tracing.tracingComplete", resolve));
  await devtools.send("Tracing.end");
  await complete;
  const main = events.find(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
  const tasks = events.filter(({ name, ph, pid, tid }) => name === "RunTask" && ph === "X" && pid === main.pid && tid === main.tid).sort((a, b) => a.ts - b.ts);
  const frames = [];
  const begin = tasks[0].ts;
  for (const { ts, dur } of tasks) {
    const frame = Math.floor((ts - begin) / 1000 / FRAME_MS);
    frames[frame] = (frames[frame] ?? 0) + dur / 1000;
  }
  return { frame_ms: Array.from(frames, (spent) => spent ?? 0), task_ms: tasks.map(({ dur }) => dur / 1000) };
}

// One practice from the first word to the result.
async function practise(browser, url, microphone) {
  const { page, close } = await openPage(browser, `${url}/conversation`, { viewport: PHONE });
  await speakFor(page, 1);
  const work = await traced(page, () => untilSpoken(page, microphone.seconds));
  const pressed = Date.now();
  await stopSpeaking(page);
  await page.getByRole("heading", { name: "Kết quả của bạn" }).waitFor({ timeout: 120_000 });
  const result_s = (Date.now() - pressed) / 1000;
  await untilResult(page);
  await close();
  return { ...work, result_s };
}

const server = await startServer();
const microphone = await microphoneFile(recording("good.wav"));
const browser = await launchBrowser(microphone.path);
try {
  const visits = [];
  for (let n = 0; n < VISITS; ++n) visits.push(await visit(browser, server.url));
  const practices = [];
  for (let n = 0; n < PRACTICES; ++n) practices.push(await practise(browser, server.url, microphone));
  const of = (runs, name) => runs.map((run) => run[name]);
  console.log(
    JSON.stringify({
      browser: browser.version(),
      script_kib: of(visits, "script_kib"),
      interactive_s: of(visits, "interactive_s"),
      layout_shift: of(visits, "layout_shift"),
      shifted: [...new Set(of(visits, "shifted").flat())],
      frame_ms: of(practices, "frame_ms").flat(),
      task_ms: of(practices, "task_ms").flat(),
      result_s: of(practices, "result_s"),
    }),
  );
} finally {
  await browser.close();
  await microphone.remove();
  await server.stop();
}
