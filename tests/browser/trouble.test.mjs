import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launchBrowser, openPage, overflowPx, screenshot } from "./support/browser.mjs";
import { microphoneFile, silentMicrophoneFile } from "./support/microphone_file.mjs";
import { recording } from "./support/paths.mjs";
import { assertHeard, shownWords, speakFor, stopAsSoonAsItRecords, stopSpeaking, untilResult, untilSpoken } from "./support/practice.mjs";
import { startServer } from "./support/server.mjs";

const CONVERSATION = "/conversation";
// Close code: what the page asks for is not allowed.
const POLICY = 1008;

describe("when something is in the way", () => {
  let server;
  before(async () => (server = await startServer()));
  after(async () => server?.stop());

  // Runs `steps` in a browser with that microphone, and checks that nothing else went wrong.
  async function withPage(microphone, options, steps) {
    const browser = await launchBrowser(microphone);
    try {
      const { page, troubles } = await openPage(browser, `${server.url}${options.path ?? CONVERSATION}`, options);
      await steps(page);
      assert.equal(await overflowPx(page), 0);
      assert.deepEqual(troubles, []);
    } finally {
      await browser.close();
    }
  }

  test("a refused microphone is explained, and a file can be sent instead", async () => {
    await withPage("refused", {}, async (page) => {
      await page.getByRole("button", { name: "Bấm để nói" }).click();
      await page.getByRole("heading", { name: "Trang chưa được phép dùng micrô" }).waitFor();
      await screenshot(page, "phone_refused");
      await page.locator("input[type=file]").setInputFiles(recording("good.mp3"));
      await untilResult(page);
      assertHeard(await shownWords(page));
      await screenshot(page, "phone_upload_result");
    });
  });

  test("a missing microphone is explained", async () => {
    await withPage("none", {}, async (page) => {
      await page.getByRole("button", { name: "Bấm để nói" }).click();
      await page.getByRole("heading", { name: "Không tìm thấy micrô" }).waitFor();
    });
  });

  test("a file that is no audio is refused with the reason; another language is told from English", async () => {
    await withPage("none", { expected: [/status of 4\d\d/] }, async (page) => {
      const file = { name: "story.wav", mimeType: "audio/wav", buffer: Buffer.from("Once upon a time there was a text file.\n") };
      await page.locator("input[type=file]").setInputFiles(file);
      await page.getByRole("heading", { name: "Tệp không đúng định dạng" }).waitFor();
      await page.getByRole("button", { name: "Bấm để nói" }).waitFor();
      await page.locator("input[type=file]").setInputFiles(recording("vietnamese.wav"));
      await page.getByRole("heading", { name: "Nghe chưa giống tiếng Anh" }).waitFor({ timeout: 120_000 });
      assert.equal(await page.locator(".sounds").count(), 0, "words that are none are not judged");
      await screenshot(page, "phone_not_english", { wholePage: false });
    });
  });

  test("a server that has too much to do is named, and what was said can be sent again", async () => {
    await withPage("none", { expected: [/status of 503/] }, async (page) => {
      const busy = { type: "urn:speechcoach:problem:busy", title: "Busy", status: 503, detail: "Bạn chờ một chút rồi gửi lại nhé.", code: "busy", retryable: true };
      const answer = { status: 503, contentType: "application/problem+json", headers: { "Retry-After": "20" }, body: JSON.stringify(busy) };
      await page.route("**/speech-practice/sessions*", (route) => route.fulfill(answer), { times: 1 });
      await page.locator("input[type=file]").setInputFiles(recording("good.wav"));
      await page.getByRole("heading", { name: "Máy chủ đang đông" }).waitFor();
      await page.getByText("20 giây", { exact: false }).waitFor();
      await screenshot(page, "phone_busy", { wholePage: false });
      await page.getByRole("button", { name: "Gửi bản ghi" }).click();
      await untilResult(page);
    });
  });

  test("silence is explained", async () => {
    const microphone = await silentMicrophoneFile(recording("good.wav"), 3);
    try {
      await withPage(microphone.path, {}, async (page) => {
        await speakFor(page, 2);
        assert.equal(await page.locator(".level__verdict").innerText(), "Hơi nhỏ, bạn nói to hơn chút nhé");
        await stopSpeaking(page);
        await page.getByRole("heading", { name: "Mình chưa nghe thấy giọng bạn" }).waitFor({ timeout: 120_000 });
        await screenshot(page, "phone_silence");
      });
    } finally {
      await microphone.remove();
    }
  });

  test("a slip of the finger is not sent", async () => {
    const microphone = await microphoneFile(recording("good.wav"));
    try {
      await withPage(microphone.path, {}, async (page) => {
        await stopAsSoonAsItRecords(page);
        await page.getByRole("button", { name: "Bấm để nói" }).click();
        await page.getByRole("heading", { name: "Bản ghi hơi ngắn" }).waitFor();
      });
    } finally {
      await microphone.remove();
    }
  });

  // The page with a socket that `onSocket` stands between; `script` runs in it first.
  async function speaking(onSocket, steps, script = () => {}) {
    const microphone = await microphoneFile(recording("good.wav"));
    const browser = await launchBrowser(microphone.path);
    try {
      const { page, troubles } = await openPage(browser, `${server.url}${CONVERSATION}`, { expected: [/WebSocket connection|ERR_CONNECTION_REFUSED/] });
      if (onSocket !== null) await page.routeWebSocket(/speech-practice/, onSocket);
      await page.addInitScript(script);
      await page.reload();
      await speakFor(page, 2);
      await steps(page, microphone);
      assert.deepEqual(troubles, []);
    } finally {
      await browser.close();
      await microphone.remove();
    }
  }

  // As when headphones go out of reach: the system ends the track.
  function loseMicrophone(page) {
    return page.evaluate(() => {
      for (const track of window.microphone.getTracks()) {
        track.stop();
        track.dispatchEvent(new Event("ended"));
      }
    });
  }

  test("headphones that go out of reach end the recording, and what was heard of it is judged", async () => {
    const keepStream = () => {
      const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = async (constraints) => (window.microphone = await ask(constraints));
    };
    await speaking(null, async (page) => {
      await loseMicrophone(page);
      await page.getByRole("heading", { name: "Micrô bị ngắt giữa chừng" }).waitFor({ timeout: 120_000 });
      await untilResult(page);
      assert.ok((await shownWords(page)).includes("girl"));
      await screenshot(page, "phone_cut", { wholePage: false });
    }, keepStream);
  });

  // Passes on so many frames of sound, then breaks.
  function breakAfter(socket, limit) {
    let frames = 0;
    const upstream = socket.connectToServer();
    socket.onMessage((message) => {
      if (typeof message !== "string" && ++frames > limit) {
        void upstream.close();
        void socket.close({ code: 1011 });
      } else {
        upstream.send(message);
      }
    });
  }

  test("a connection that breaks again and again while somebody speaks loses nothing that was said", async () => {
    let breaks = 0;
    const onSocket = (socket) => breakAfter(socket, ++breaks > 3 ? Infinity : 8);
    await speaking(onSocket, async (page, microphone) => {
      await untilSpoken(page, microphone.seconds);
      await stopSpeaking(page);
      await untilResult(page);
      assertHeard(await shownWords(page));
      assert.ok(breaks > 1, "it broke");
    });
  });

  test("a connection that is refused from then on: the recording waits in the page and is sent otherwise", async () => {
    let connections = 0;
    const onSocket = (socket) => (++connections === 1 ? breakAfter(socket, 10) : void socket.close({ code: POLICY }));
    await speaking(onSocket, async (page, microphone) => {
      await page.getByText("Mất kết nối.").waitFor();
      await screenshot(page, "phone_connection_lost", { wholePage: false });
      await untilSpoken(page, microphone.seconds);
      await stopSpeaking(page);
      await page.getByRole("heading", { name: "Máy chủ từ chối kết nối" }).waitFor();
      await screenshot(page, "phone_not_sent", { wholePage: false });
      await page.getByRole("button", { name: "Gửi bản ghi" }).click();
      await untilResult(page);
      assertHeard(await shownWords(page));
    });
  });

  test("a server that is killed while somebody speaks goes on with what it had, once it is back", async () => {
    await speaking(null, async (page, microphone) => {
      await server.kill();
      await page.getByText("Đang kết nối lại.", { exact: false }).waitFor();
      await screenshot(page, "phone_reconnecting", { wholePage: false });
      await server.start();
      await untilSpoken(page, microphone.seconds);
      await page.getByText("Mình đang nghe đây").waitFor();
      await stopSpeaking(page);
      await untilResult(page);
      assertHeard(await shownWords(page));
    });
  });

  test("a server that cannot be reached is named, and tried again", async () => {
    await withPage("none", { path: "/", expected: [/ERR_FAILED|ERR_CONNECTION/] }, async (page) => {
      await page.route("**/api/**", (route) => route.abort());
      await page.reload();
      await page.getByRole("heading", { name: "Chưa kết nối được với máy chủ" }).waitFor();
      await screenshot(page, "phone_unreachable", { wholePage: false });
      await page.unroute("**/api/**");
      await page.getByRole("button", { name: "Thử lại" }).click();
      await page.locator(".sentence", { hasText: "Good morning! How are you today?" }).waitFor();
    });
  });
});
