// `make filmstrip`: five seconds of speech, and what the learner sees from then on.
import { launchBrowser } from "./support/browser.mjs";
import { drawFilmstrip } from "./support/filmstrip.mjs";
import { microphoneFile } from "./support/microphone_file.mjs";
import { recording } from "./support/paths.mjs";
import { startServer } from "./support/server.mjs";

const SECONDS = 5;

const server = await startServer();
const microphone = await microphoneFile(recording("long.wav"));
const browser = await launchBrowser(microphone.path);
try {
  const moments = await drawFilmstrip(browser, server.url, SECONDS);
  console.log(`the result is seen ${(moments.at(-1) / 1000).toFixed(2)} s after the button; build/browser/filmstrip/filmstrip.png`);
} finally {
  await browser.close();
  await microphone.remove();
  await server.stop();
}
