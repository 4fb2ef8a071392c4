import { beforeEach, describe, expect, test, vi } from "vitest";
import { ApiError, UnreachableError, type AnalysisComplete, type Client, type LiveOptions, type LiveSession, type Scores, type Session } from "@speechcoach/client";
import { CHUNK_SAMPLES } from "../src/audio/format";
import { MicrophoneError, type CaptureEvents } from "../src/audio/microphone";
import { Practice, type Phase } from "../src/state/practice";

const SENTENCE = { id: 3, text: "Hello there.", text_vi: "Xin chào.", level: "A1" as const, topic: "greetings", focus_sounds: [] };
const FEEDBACK = {
  conversational: "Tốt lắm!",
  detailed: { strengths: [], improvements: [], emotion_detected: "neutral", confidence_level: "high" as const, prosody_notes: "", emotion: { label: "neutral" as const, certainty: 0, arousal: 0, valence: 0, cues: [] } },
};

function scores(overall: number): Scores {
  return { overall, pronunciation: 8, prosody: 8, emotion: 8, confidence: 8, fluency: 8 };
}

function complete(overall: number): AnalysisComplete {
  return {
    type: "analysis_complete",
    session_id: "s",
    event: 1,
    at_ms: 0,
    status: "completed",
    scores: scores(overall),
    feedback: FEEDBACK,
    miscues: [],
    degraded_mode: false,
    processing_time_ms: 500,
    stage_times: { decode_ms: 0, stt_ms: 0, prosody_ms: 0, scoring_ms: 0, feedback_ms: 0, total_ms: 0 },
  };
}

const ANALYSED = { id: "u", status: "completed", scores: scores(6), feedback: FEEDBACK, words: [], transcript: "hello" } as unknown as Session;

describe("a practice", () => {
  let practice: Practice;
  let microphone: CaptureEvents;
  let stopsAtSilence: boolean;
  let live: LiveOptions;
  let channel: { send: ReturnType<typeof vi.fn>; end: ReturnType<typeof vi.fn>; cancel: ReturnType<typeof vi.fn> };
  const stopCapture = vi.fn(() => Promise.resolve());
  const analyse = vi.fn<Client["analyse"]>();
  const retry = vi.fn<Client["retry"]>();
  const startCapture = vi.fn((events: CaptureEvents) => {
    microphone = events;
    return Promise.resolve({ stop: stopCapture });
  });

  const phase = <Name extends Phase["name"]>(name: Name) => {
    const current = practice.phase.value;
    expect(current.name).toBe(name);
    return current as Phase & { name: Name };
  };
  const speak = (seconds: number) => {
    for (let n = 0; n < seconds * 10; ++n) microphone.onChunk(new Int16Array(CHUNK_SAMPLES).fill(1000));
  };

  beforeEach(() => {
    stopsAtSilence = false;
    for (const mock of [stopCapture, analyse, retry, startCapture]) mock.mockClear();
    practice = new Practice(
      { mode: "sentence_practice", sentence: SENTENCE },
      {
        client: { analyse, retry } as unknown as Client,
        locale: () => "vi",
        token: () => Promise.resolve("t"),
        forgetToken: () => {},
        stopsAtSilence: () => stopsAtSilence,
        startCapture,
        openLive: (options) => {
          live = options;
          channel = { send: vi.fn(), end: vi.fn(), cancel: vi.fn() };
          return channel as unknown as LiveSession;
        },
      },
    );
  });

  test("runs from the microphone to the scores", async () => {
    await practice.record();
    expect(phase("recording").connection).toBe("connecting");
    expect(live.start).toEqual({ mode: "sentence_practice", locale: "vi", sentence_id: 3 });
    live.events.onStarted({ maxSeconds: 60 });
    expect(phase("recording").connection).toBe("live");
    speak(2);
    expect(channel.send).toHaveBeenCalledTimes(20);
    expect(practice.seconds.value).toBeCloseTo(2);
    expect(practice.loudness.value.length).toBe(40);

    await practice.stop();
    expect(stopCapture).toHaveBeenCalledOnce();
    expect(channel.end).toHaveBeenCalledOnce();
    live.events.onProgress("listening", 0, 3);
    expect(phase("analysing")).toMatchObject({ percent: 0, ahead: 3 });
    live.events.onProgress("scoring", 70);
    expect(phase("analysing")).toMatchObject({ stage: "scoring", percent: 70 });
    expect(phase("analysing").ahead).toBeUndefined();
    live.events.onComplete(complete(7.5));
    expect(phase("done").outcome.scores.overall).toBe(7.5);
    expect(phase("done").before).toBeNull();
    expect(practice.player.value?.durationS).toBeCloseTo(2);
  });

  test("the next attempt is compared with the one before", async () => {
    for (const overall of [5, 6.5]) {
      await practice.record();
      speak(1);
      await practice.stop();
      live.events.onComplete(complete(overall));
    }
    expect(phase("done").before?.overall).toBe(5);
  });

  test("stops by itself at the server's limit, to the sample", async () => {
    await practice.record();
    live.events.onStarted({ maxSeconds: 3.05 });
    speak(5);
    await vi.waitFor(() => expect(channel.end).toHaveBeenCalledOnce());
    const sent = channel.send.mock.calls.reduce((sum, [chunk]) => sum + (chunk as Int16Array).length, 0);
    expect(sent).toBe(3.05 * 16000);
  });

  test("stops after a long silence where the learner wants that, and only after speech", async () => {
    const silence = (seconds: number) => {
      for (let n = 0; n < seconds * 10; ++n) microphone.onChunk(new Int16Array(CHUNK_SAMPLES));
    };
    await practice.record();
    speak(1);
    silence(5);
    phase("recording");
    stopsAtSilence = true;
    await practice.record();
    silence(3);
    phase("recording");
    speak(1);
    silence(1.5);
    phase("recording");
    silence(1);
    phase("analysing");
  });

  test.each(["refused", "missing", "insecure"] as const)("a microphone that is %s is a failure with that reason", async (fault) => {
    startCapture.mockRejectedValueOnce(new MicrophoneError(fault));
    await practice.record();
    expect(phase("failed")).toEqual({ name: "failed", failure: { kind: "microphone", fault }, canSend: false });
  });

  test("a microphone that goes away ends the recording: what came before is analysed, and the page says so", async () => {
    await practice.record();
    speak(2);
    expect(practice.isCut.value).toBe(false);
    microphone.onLost();
    await vi.waitFor(() => expect(channel.end).toHaveBeenCalledOnce());
    expect(practice.isCut.value).toBe(true);
    live.events.onComplete(complete(6));
    phase("done");
    await practice.record();
    expect(practice.isCut.value).toBe(false);
  });

  test("less than a word is not sent", async () => {
    await practice.record();
    speak(0.3);
    await practice.stop();
    expect(channel.cancel).toHaveBeenCalled();
    expect(channel.end).not.toHaveBeenCalled();
    expect(phase("failed").failure.kind).toBe("too_short");
  });

  test("a lost connection does not end the recording; all of it can be sent afterwards", async () => {
    await practice.record();
    speak(1);
    live.events.onLost("network");
    expect(phase("recording").connection).toBe("lost");
    speak(1);
    await practice.stop();
    expect(phase("failed")).toMatchObject({ failure: { kind: "not_sent", reason: "network" }, canSend: true });

    analyse.mockResolvedValueOnce(ANALYSED);
    await practice.sendKept();
    const [task, audio, name] = analyse.mock.calls[0] ?? [];
    expect(task?.sentence).toBe(SENTENCE);
    expect(name).toBe("recording.wav");
    expect(audio?.size).toBe(44 + 2 * 16000 * 2);
    expect(phase("done").outcome.scores.overall).toBe(6);
  });

  test("a child whom no guardian lets practise is told so, and is not recorded on", async () => {
    await practice.record();
    speak(1);
    live.events.onLost("guardian");
    expect(stopCapture).toHaveBeenCalledOnce();
    expect(phase("failed")).toMatchObject({ failure: { kind: "server", code: "guardian_consent_needed" }, canSend: false });
  });

  test("a recording is sent under one key until the server has answered with its session", async () => {
    const keys = () => analyse.mock.calls.map((call) => call[4]);
    const failed = { id: "u", status: "failed", error: { code: "internal", message: "Hỏng rồi." } } as unknown as Session;
    const file = new File([new Uint8Array(8)], "a.mp3");
    analyse.mockRejectedValueOnce(new UnreachableError()).mockRejectedValueOnce(new ApiError("busy", "Đông quá.", true, 5)).mockResolvedValueOnce(failed).mockResolvedValueOnce(ANALYSED);
    await practice.upload(file);
    for (let again = 0; again < 3; ++again) await practice.sendKept();
    phase("done");
    const [first, second, third, afterFailure] = keys();
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect([second, third]).toEqual([first, first]);
    expect(afterFailure).not.toBe(first);
    analyse.mockResolvedValueOnce(ANALYSED);
    await practice.upload(file);
    expect(new Set(keys()).size).toBe(3);
  });

  test("a recording that could not be sent is still there", async () => {
    await practice.record();
    speak(1);
    live.events.onLost("network");
    await practice.stop();
    analyse.mockRejectedValueOnce(new UnreachableError());
    await practice.sendKept();
    expect(phase("failed")).toMatchObject({ failure: { kind: "unreachable" }, canSend: true });
  });

  test("what the server says about a refused recording is kept, and only what can succeed is offered again", async () => {
    const file = new File([new Uint8Array(8)], "a.mp3");
    analyse.mockRejectedValueOnce(new ApiError("audio_unreadable", "Hỏng rồi.", false));
    await practice.upload(file);
    expect(phase("failed")).toEqual({
      name: "failed",
      failure: { kind: "server", code: "audio_unreadable", message: "Hỏng rồi.", retryAfterS: null },
      canSend: false,
    });
    analyse.mockRejectedValueOnce(new ApiError("busy", "Đông quá.", true, 5));
    await practice.upload(file);
    expect(phase("failed")).toMatchObject({ failure: { code: "busy", retryAfterS: 5 }, canSend: true });
    expect(analyse.mock.calls[1]?.[2]).toBe("a.mp3");
  });

  test("a server that refuses in the midst of the recording ends it", async () => {
    await practice.record();
    speak(1);
    live.events.onError({ type: "error", at_ms: 0, code: "session_quota", message: "Đủ rồi.", retryable: true, retry_after_ms: 61_500 }, true);
    expect(stopCapture).toHaveBeenCalledOnce();
    expect(phase("failed")).toMatchObject({ failure: { code: "session_quota", retryAfterS: 62 }, canSend: false });
  });

  test("stages that were replaced are told with the result, and can be asked for again", async () => {
    await practice.record();
    speak(1);
    await practice.stop();
    live.events.onError({ type: "error", at_ms: 0, code: "stt_failed", message: "…", retryable: true, stage: "transcribing" }, false);
    live.events.onComplete(complete(4));
    expect(phase("done").outcome.failedStages).toEqual(["transcribing"]);
    retry.mockResolvedValueOnce(ANALYSED);
    await practice.analyseAgain();
    expect(retry.mock.calls[0]?.[0]).toBe("s");
    expect(phase("done").outcome.text).toBe("hello");
  });

  test("who cancels hears nothing more of it", async () => {
    await practice.record();
    speak(1);
    const old = live;
    practice.cancel();
    expect(channel.cancel).toHaveBeenCalled();
    expect(stopCapture).toHaveBeenCalledOnce();
    old.events.onComplete(complete(9));
    expect(phase("ready").name).toBe("ready");
    expect(practice.seconds.value).toBe(0);
  });

  test("a permission that comes after the learner left does not start anything", async () => {
    let allow = (_: { stop: typeof stopCapture }) => {};
    startCapture.mockImplementationOnce(() => new Promise((resolve) => (allow = resolve)));
    const asking = practice.record();
    practice.cancel();
    allow({ stop: stopCapture });
    await asking;
    expect(stopCapture).toHaveBeenCalledOnce();
    expect(phase("ready").name).toBe("ready");
  });
});
