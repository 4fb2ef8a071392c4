// The client package as others get it: built, in Node, against the shipped server.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { liveEvents } from "./support/live_events.mjs";
import { repository } from "./support/paths.mjs";
import { startServer } from "./support/server.mjs";
import { spokenSamples } from "./support/spoken_samples.mjs";

const { Client, LiveSession, SAMPLE_RATE_HZ } = await import(join(repository, "web", "packages", "client", "dist", "index.js"));

describe("the client package", () => {
  let server;
  let signIn;
  before(async () => {
    server = await startServer();
    const { token } = await (await fetch(`${server.url}/api/v1/auth/guest`, { method: "POST" })).json();
    signIn = { token: async () => token, forget: () => assert.fail("the token is good") };
  });
  after(async () => server?.stop());

  test("a recording whose server is killed in its midst is resumed, analysed, and can be read", async () => {
    const samples = await spokenSamples("good.wav", SAMPLE_RATE_HZ);
    const half = Math.floor(samples.length / 2);
    const connections = [];
    const analysed = new Promise((resolve, reject) => {
      const live = new LiveSession({
        server: server.url,
        start: { mode: "conversation", locale: "vi" },
        token: signIn.token,
        forgetToken: signIn.forget,
        events: liveEvents(reject, {
          onStarted: async () => {
            send(0, half);
            await server.kill();
            send(half, samples.length);
            await server.start();
            live.end();
          },
          onConnection: (isThere) => connections.push(isThere),
          onComplete: resolve,
        }),
      });
      const send = (from, to) => {
        for (let at = from; at < to; at += SAMPLE_RATE_HZ / 10) live.send(samples.subarray(at, Math.min(to, at + SAMPLE_RATE_HZ / 10)));
      };
    });
    const complete = await analysed;
    assert.deepEqual([connections.at(0), connections.at(-1)], [false, true]);
    const session = await new Client(signIn, () => "vi", server.url).session(complete.session_id);
    assert.deepEqual(session.scores.overall, complete.scores.overall);
    assert.match(session.transcript, /girl/i);
  });
});
