import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { audioFrame, LiveSession, type LiveEvents, type LiveOptions, type ServerMessage, type Socket } from "../src/index";

const SESSION = "0b9f7a52-2d5c-4a0e-9c0e-7d0a5f1f1b11";
const STAMP = { session_id: SESSION, event: 0, at_ms: 0 };

// A server that the test plays by hand.
class FakeSocket implements Socket {
  onmessage: ((event: MessageEvent) => void) | null = null;
  onclose: ((event: CloseEvent) => void) | null = null;
  readonly sent: (string | ArrayBuffer)[] = [];
  closedWith: number | undefined;

  send(data: string | ArrayBuffer): void {
    this.sent.push(data);
  }

  close(code?: number): void {
    this.closedWith = code;
  }

  say(message: ServerMessage): void {
    this.onmessage?.(new MessageEvent("message", { data: JSON.stringify(message) }));
  }

  hello(resume_window_s = 0): void {
    const audio = { formats: ["pcm_s16le" as const], sample_rates: { min: 8000, max: 48000 }, max_seconds: 60, max_bytes: 10485760 };
    this.say({ type: "hello", at_ms: 0, version: "speechcoach.v1", server: "0", audio, resume_window_s });
  }

  started(): void {
    this.say({ type: "session_started", ...STAMP, stream_id: 7, limits: { max_seconds: 60, max_bytes: 10485760 } });
  }

  drop(code: number): void {
    this.onclose?.(new CloseEvent("close", { code }));
  }

  get messages(): Record<string, unknown>[] {
    return this.sent.filter((data) => typeof data === "string").map((data) => JSON.parse(data) as Record<string, unknown>);
  }

  // [stream, sequence number, samples] of each binary frame.
  get frames(): [number, number, number[]][] {
    return this.sent
      .filter((data) => data instanceof ArrayBuffer)
      .map((data) => {
        const view = new DataView(data);
        return [view.getUint32(0, true), view.getUint32(4, true), [...new Int16Array(data.slice(8))]];
      });
  }
}

const COMPLETE: ServerMessage = {
  type: "analysis_complete",
  ...STAMP,
  event: 9,
  status: "completed",
  scores: { overall: 8, pronunciation: 8, prosody: 8, emotion: 8, confidence: 8, fluency: 8 },
  feedback: {
    conversational: "Tốt lắm!",
    detailed: { strengths: [], improvements: [], emotion_detected: "neutral", confidence_level: "high", prosody_notes: "", emotion: { label: "neutral" as const, certainty: 0, arousal: 0, valence: 0, cues: [] } },
  },
  miscues: [],
  degraded_mode: false,
  processing_time_ms: 700,
  stage_times: { decode_ms: 0, stt_ms: 0, prosody_ms: 0, scoring_ms: 0, feedback_ms: 0, total_ms: 0 },
};

describe("a live session", () => {
  let sockets: FakeSocket[];
  let tokens: string[];
  let events: { [Name in keyof LiveEvents]: ReturnType<typeof vi.fn<LiveEvents[Name]>> };
  let live: LiveSession;
  const forgetToken = vi.fn();

  const socket = (index = sockets.length - 1) => {
    const found = sockets[index];
    if (found === undefined) throw new Error(`no connection ${index}`);
    return found;
  };
  const settle = () => vi.advanceTimersByTimeAsync(0);

  async function open(turn?: LiveOptions["turn"]): Promise<void> {
    live = new LiveSession({
      start: { mode: "sentence_practice", sentence_id: 3, locale: "vi" },
      token: () => Promise.resolve("t.o.k"),
      forgetToken,
      events,
      ...(turn === undefined ? {} : { turn }),
      openSocket: (token) => {
        tokens.push(token);
        sockets.push(new FakeSocket());
        return socket();
      },
    });
    await settle();
  }

  async function analysing(): Promise<void> {
    await open();
    socket().hello();
    socket().started();
    live.send(Int16Array.of(1));
    live.end();
  }

  beforeEach(() => {
    vi.useFakeTimers();
    sockets = [];
    tokens = [];
    forgetToken.mockClear();
    events = { onStarted: vi.fn(), onConnection: vi.fn(), onProgress: vi.fn(), onTranscription: vi.fn(), onHint: vi.fn(), onPitch: vi.fn(), onProsody: vi.fn(), onPronunciation: vi.fn(), onError: vi.fn(), onComplete: vi.fn(), onCoachTurn: vi.fn(), onTurnEnded: vi.fn(), onEndedUnheard: vi.fn(), onLost: vi.fn() };
  });

  afterEach(() => {
    live.cancel();
    vi.useRealTimers();
  });

  test("begins a further turn; one that was left half-way is given up first", async () => {
    for (const isLeft of [false, true]) {
      await open({ sessionId: SESSION, lastEvent: 5, isLeft });
      socket().hello();
      if (isLeft) {
        expect(socket().messages).toEqual([{ type: "cancel", session_id: SESSION }]);
        socket().say({ type: "cancelled", ...STAMP });
      }
      const start = { type: "start_turn", session_id: SESSION, last_event: 5, audio: { format: "pcm_s16le", sample_rate: 16000 } };
      expect(socket().messages.at(-1)).toEqual(start);
      socket().say({ type: "turn_started", ...STAMP, turn: 2, stream_id: 9, limits: { max_seconds: 60, max_bytes: 10485760 } });
      live.send(Int16Array.of(3));
      expect(socket().frames).toEqual([[9, 0, [3]]]);
      socket().say({ type: "turn_ended", ...STAMP, turn: 2, last_seq: 0 });
      live.end();
      socket().drop(1006);
      await vi.advanceTimersByTimeAsync(1000);
      socket().hello();
      expect(socket().messages).toEqual([{ type: "resume", session_id: SESSION, last_event: 5 }]);
      live.cancel();
    }
    expect(events.onTurnEnded).toHaveBeenCalledTimes(2);
  });

  test("asks for a session once the server has said hello", async () => {
    await open();
    expect(tokens).toEqual(["t.o.k"]);
    expect(socket().sent).toEqual([]);
    socket().hello();
    expect(socket().messages).toEqual([
      { type: "start_session", mode: "sentence_practice", sentence_id: 3, locale: "vi", audio: { format: "pcm_s16le", sample_rate: 16000 } },
    ]);
  });

  test("keeps what is said before the session has started, and sends it first", async () => {
    await open();
    live.send(Int16Array.of(1, 2));
    socket().hello();
    live.send(Int16Array.of(3));
    expect(socket().frames).toEqual([]);
    socket().started();
    expect(events.onStarted).toHaveBeenCalledWith({ maxSeconds: 60 });
    live.send(Int16Array.of(4));
    expect(socket().frames).toEqual([
      [7, 0, [1, 2, 3]],
      [7, 1, [4]],
    ]);
  });

  test("sends a long wait's backlog in few frames, and loses nothing of it", async () => {
    await open();
    for (let n = 0; n < 45; ++n) live.send(new Int16Array(1600).fill(n));
    socket().hello();
    socket().started();
    expect(socket().frames.length).toBeLessThanOrEqual(5);
    expect(socket().frames.map(([, seq]) => seq)).toEqual(socket().frames.map((_, index) => index));
    const samples = socket().frames.flatMap(([, , part]) => part);
    expect(samples).toEqual(Array.from({ length: 45 * 1600 }, (_, n) => Math.floor(n / 1600)));
  });

  test("ends with the number of the last chunk, also if the end comes before the start", async () => {
    await open();
    live.send(Int16Array.of(1));
    live.end();
    socket().hello();
    socket().started();
    expect(socket().messages.at(-1)).toEqual({ type: "end_recording", session_id: SESSION, last_seq: 0 });
    live.send(Int16Array.of(2));
    expect(socket().frames.length).toBe(1);
  });

  test("sends again what the server misses, and nothing that does not exist", async () => {
    await open();
    socket().hello();
    socket().started();
    for (let n = 0; n < 4; ++n) live.send(Int16Array.of(n));
    socket().sent.length = 0;
    socket().say({ type: "chunk_request", ...STAMP, from_seq: 2, to_seq: 9 });
    expect(socket().frames).toEqual([
      [7, 2, [2]],
      [7, 3, [3]],
    ]);
  });

  test("passes on each stage's result, and is over with the last", async () => {
    await analysing();
    socket().say({ type: "progress", ...STAMP, event: 1, percent: 30, stage: "transcribing" });
    expect(events.onProgress).toHaveBeenCalledWith("transcribing", 30, undefined);
    socket().say({ type: "level", ...STAMP, seq: 1, rms_dbfs: -20, peak_dbfs: -10 });
    expect(events.onPitch).not.toHaveBeenCalled();
    socket().say({ type: "level", ...STAMP, seq: 2, rms_dbfs: -20, peak_dbfs: -10, pitch_from_s: 0.025, pitch_hz: [0, 180.5] });
    expect(events.onPitch).toHaveBeenCalledWith(0.025, [0, 180.5]);
    socket().say({ type: "transcription", ...STAMP, event: 2, text: "Hi", is_final: true, confidence: 1, words: [] });
    expect(events.onTranscription.mock.calls[0]?.[0].text).toBe("Hi");
    socket().say(COMPLETE);
    expect(events.onComplete.mock.calls[0]?.[0].scores.overall).toBe(8);
    expect(socket().closedWith).toBe(1000);
  });

  test("a stage that failed is told; the session goes on", async () => {
    await analysing();
    socket().say({ type: "error", ...STAMP, code: "stt_failed", message: "…", retryable: true, stage: "transcribing" });
    expect(events.onError.mock.calls[0]?.[1]).toBe(false);
    socket().say(COMPLETE);
    expect(events.onComplete).toHaveBeenCalledOnce();
  });

  test("a session that failed is over", async () => {
    await analysing();
    socket().say({ type: "error", ...STAMP, code: "no_speech", message: "…", retryable: false });
    expect(events.onError.mock.calls[0]?.[1]).toBe(true);
    expect(socket().closedWith).toBe(1000);
    socket().drop(1000);
    expect(events.onLost).not.toHaveBeenCalled();
  });

  test("a start that is refused is over", async () => {
    await open();
    socket().hello();
    socket().say({ type: "error", at_ms: 0, code: "session_quota", message: "…", retryable: true, retry_after_ms: 60000 });
    expect(events.onError.mock.calls[0]?.[1]).toBe(true);
  });

  test.each([
    [1006, "network"],
    [1001, "network"],
    [1013, "busy"],
    [1008, "refused"],
    [4403, "guardian"],
  ] as const)("a connection that closes with %i while recording is lost: %s", async (code, reason) => {
    await open();
    socket().hello();
    socket().started();
    socket().drop(code);
    expect(events.onLost).toHaveBeenCalledExactlyOnceWith(reason);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sockets.length).toBe(1);
  });

  test("a token that is not taken any more is replaced once", async () => {
    await open();
    socket().drop(4401);
    await vi.advanceTimersByTimeAsync(0);
    expect(forgetToken).toHaveBeenCalledOnce();
    expect(sockets.length).toBe(2);
    socket().drop(4401);
    await settle();
    expect(sockets.length).toBe(2);
    expect(events.onLost).toHaveBeenCalledExactlyOnceWith("unauthenticated");
  });

  test("after the end of the recording a lost connection is made again, and the rest is heard", async () => {
    await analysing();
    socket().say({ type: "progress", ...STAMP, event: 4, percent: 30, stage: "transcribing" });
    socket().drop(1006);
    await vi.advanceTimersByTimeAsync(1000);
    expect(sockets.length).toBe(2);
    socket().hello();
    expect(socket().messages).toEqual([{ type: "resume", session_id: SESSION, last_event: 0 }]);
    socket().say({ type: "resumed", ...STAMP, state: "processing", next_seq: 1 });
    socket().say(COMPLETE);
    expect(events.onComplete).toHaveBeenCalledOnce();
    expect(events.onLost).not.toHaveBeenCalled();
  });

  test.each(["completed", "degraded", "failed"] as const)("an analysis that ended unheard (%s) is left to be read", async (state) => {
    await analysing();
    socket().drop(1006);
    await vi.advanceTimersByTimeAsync(1000);
    socket().hello();
    socket().say({ type: "resumed", ...STAMP, state, next_seq: 1 });
    expect(events.onEndedUnheard).toHaveBeenCalledExactlyOnceWith(SESSION);
    expect(events.onLost).not.toHaveBeenCalled();
  });

  test.each(["recording", "interrupted", "awaiting_audio", "abandoned"] as const)("a recording whose end never arrived (%s) is still the page's to send", async (state) => {
    await analysing();
    socket().drop(1006);
    await vi.advanceTimersByTimeAsync(1000);
    socket().hello();
    socket().say({ type: "resumed", ...STAMP, state, next_seq: 1 });
    expect(events.onLost).toHaveBeenCalledExactlyOnceWith("network");
  });

  test("reconnecting is given up after a few attempts", async () => {
    await analysing();
    for (let attempt = 0; attempt < 10 && events.onLost.mock.calls.length === 0; ++attempt) {
      socket().drop(1006);
      await vi.advanceTimersByTimeAsync(10_000);
    }
    expect(events.onLost).toHaveBeenCalledExactlyOnceWith("network");
    expect(sockets.length).toBeLessThan(8);
  });

  test("a server that falls silent counts as lost", async () => {
    await open();
    socket().hello();
    socket().started();
    await vi.advanceTimersByTimeAsync(12_000);
    expect(socket().messages.filter(({ type }) => type === "ping").length).toBe(2);
    socket().say({ type: "pong", at_ms: 0 });
    await vi.advanceTimersByTimeAsync(12_000);
    expect(events.onLost).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(12_000);
    expect(events.onLost).toHaveBeenCalledExactlyOnceWith("network");
  });

  describe("with a server that keeps unfinished recordings", () => {
    async function speaking(): Promise<void> {
      await open();
      socket().hello(600);
      socket().started();
      for (let n = 0; n < 5; ++n) live.send(Int16Array.of(n));
    }

    async function comeBack(): Promise<void> {
      await vi.advanceTimersByTimeAsync(1000);
      socket().hello(600);
    }

    test("a connection that breaks while speaking is taken up where it stopped, on the new stream", async () => {
      await speaking();
      socket().drop(1006);
      expect(events.onConnection).toHaveBeenLastCalledWith(false);
      live.send(Int16Array.of(5));
      live.send(Int16Array.of(6));
      await comeBack();
      expect(socket().messages).toEqual([{ type: "resume", session_id: SESSION, last_event: 0 }]);
      expect(socket().frames).toEqual([]);
      socket().say({ type: "resumed", ...STAMP, state: "recording", next_seq: 3, stream_id: 9 });
      expect(events.onConnection).toHaveBeenLastCalledWith(true);
      live.send(Int16Array.of(7));
      expect(socket().frames).toEqual([
        [9, 3, [3]],
        [9, 4, [4]],
        [9, 5, [5, 6]],
        [9, 6, [7]],
      ]);
      live.end();
      expect(socket().messages.at(-1)).toEqual({ type: "end_recording", session_id: SESSION, last_seq: 6 });
      expect(events.onLost).not.toHaveBeenCalled();
    });

    test("it is sought at once when the device has a network again, and once only", async () => {
      await speaking();
      socket().drop(1006);
      globalThis.dispatchEvent(new Event("online"));
      await vi.advanceTimersByTimeAsync(0);
      expect(sockets.length).toBe(2);
      globalThis.dispatchEvent(new Event("online"));
      await vi.advanceTimersByTimeAsync(1000);
      expect(sockets.length).toBe(2);
    });

    test.each([
      ["the longest", 0, 300],
      ["the shortest", 0.999, 151],
    ])("not all come back in one moment: %s first wait", async (_, drawn, wait_ms) => {
      const random = vi.spyOn(Math, "random").mockReturnValue(drawn);
      await speaking();
      socket().drop(1006);
      await vi.advanceTimersByTimeAsync(wait_ms - 5);
      expect(sockets.length).toBe(1);
      await vi.advanceTimersByTimeAsync(5);
      expect(sockets.length).toBe(2);
      random.mockRestore();
    });

    test("who stops while it is away is analysed once it is back", async () => {
      await speaking();
      socket().drop(1001);
      live.end();
      await comeBack();
      socket().say({ type: "resumed", ...STAMP, state: "recording", next_seq: 5, stream_id: 9 });
      expect(socket().messages.at(-1)).toEqual({ type: "end_recording", session_id: SESSION, last_seq: 4 });
      socket().say(COMPLETE);
      expect(events.onComplete).toHaveBeenCalledOnce();
    });

    test("an end that never arrived is sent again with what is missing", async () => {
      await speaking();
      live.end();
      socket().drop(1006);
      await comeBack();
      socket().say({ type: "resumed", ...STAMP, state: "recording", next_seq: 4, stream_id: 9 });
      expect(socket().frames).toEqual([[9, 4, [4]]]);
      expect(socket().messages.at(-1)).toMatchObject({ type: "end_recording", last_seq: 4 });
    });

    test("the connection is sought for as long as the recording is kept, and no longer", async () => {
      await speaking();
      const began = Date.now();
      while (events.onLost.mock.calls.length === 0) {
        socket().drop(1006);
        await vi.advanceTimersByTimeAsync(8000);
      }
      expect(Date.now() - began).toBeGreaterThan(590_000);
      expect(Date.now() - began).toBeLessThan(620_000);
    });

    test("a server that cannot take the recording up just now is asked again", async () => {
      await speaking();
      socket().drop(1006);
      await comeBack();
      socket().say({ type: "error", at_ms: 0, code: "storage_unavailable", message: "…", retryable: true });
      await comeBack();
      expect(socket().messages).toEqual([{ type: "resume", session_id: SESSION, last_event: 0 }]);
      socket().say({ type: "resumed", ...STAMP, state: "recording", next_seq: 5, stream_id: 9 });
      expect(events.onConnection.mock.calls).toEqual([[false], [false], [true]]);
      expect(events.onError).not.toHaveBeenCalled();
    });

    test("a token that ran out while the connection was away is replaced, once", async () => {
      await speaking();
      socket().drop(1006);
      await vi.advanceTimersByTimeAsync(1000);
      socket().drop(4401);
      expect(forgetToken).toHaveBeenCalledOnce();
      await comeBack();
      socket().say({ type: "resumed", ...STAMP, state: "recording", next_seq: 5, stream_id: 9 });
      expect(events.onLost).not.toHaveBeenCalled();
      socket().drop(4401);
      expect(forgetToken).toHaveBeenCalledOnce();
      expect(events.onLost).toHaveBeenCalledExactlyOnceWith("unauthenticated");
    });

    test.each(["session_expired", "session_not_found"] as const)("a recording that the server does not keep any more (%s) is still the page's to send", async (code) => {
      await speaking();
      socket().drop(1006);
      await comeBack();
      socket().say({ type: "error", at_ms: 0, code, message: "…", retryable: false });
      expect(events.onLost).toHaveBeenCalledExactlyOnceWith("network");
      expect(events.onError).not.toHaveBeenCalled();
    });
  });

  test("a connection that is given up while it opens is closed once it is open", async () => {
    await open();
    live.cancel();
    expect(socket().closedWith).toBeUndefined();
    socket().hello();
    expect(socket().closedWith).toBe(1000);
    expect(socket().sent).toEqual([]);
  });

  test("cancelling tells the server and is followed by silence", async () => {
    await open();
    socket().hello();
    socket().started();
    live.cancel();
    expect(socket().messages.at(-1)).toEqual({ type: "cancel", session_id: SESSION });
    expect(socket().closedWith).toBe(1000);
    socket().drop(1000);
    expect(events.onLost).not.toHaveBeenCalled();
  });
});

test("a frame is a little-endian header and samples", () => {
  const bytes = [...new Uint8Array(audioFrame(0x01020304, 258, Int16Array.of(1, -2)))];
  expect(bytes).toEqual([4, 3, 2, 1, 2, 1, 0, 0, 1, 0, 0xfe, 0xff]);
});
