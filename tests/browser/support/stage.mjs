// What every suite needs: the shipped server, a browser with its microphone, and pages that are watched.
import { after, before } from "node:test";
import { launchBrowser, openPage } from "./browser.mjs";
import { microphoneFile } from "./microphone_file.mjs";
import { recording } from "./paths.mjs";
import { startServer } from "./server.mjs";

// { server, browser, microphone, open(path, options) }, there while the suite's tests run. `spoken`: the recording of tests/data that is the
// microphone of all pages; without one there is no microphone.
export function stage({ spoken } = {}) {
  const set = {
    open: (path = "", options = {}) => openPage(set.browser, `${set.server.url}${path}`, options),
  };
  before(async () => {
    set.server = await startServer();
    if (spoken !== undefined) set.microphone = await microphoneFile(recording(spoken));
    set.browser = await launchBrowser(set.microphone?.path ?? "none");
  });
  after(async () => {
    await set.browser?.close();
    await set.microphone?.remove();
    await set.server?.stop();
  });
  return set;
}
