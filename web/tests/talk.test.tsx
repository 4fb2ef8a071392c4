import { cleanup, render, screen } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { UnreachableError, type AnalysisComplete, type Coach, type CoachTurn, type ErrorMessage, type LiveOptions, type LiveSession, type Session, type Topic } from "@speechcoach/client";
import { CHUNK_SAMPLES } from "../src/audio/format";
import type { CaptureEvents } from "../src/audio/microphone";
import { Talk } from "../src/state/talk";
import { TalkStage } from "../src/views/talk_view";

const OPENING: Coach = { say: "What do you like to eat?", help_vi: "Bạn có thể nói: I like...", corrections: [], is_last: false };
const TOPIC: Topic = { id: "food", kind: "talk", title_vi: "Ăn uống", role: "a friend", opening: OPENING };

function coachTurn(turn: number, event: number, changes: Partial<CoachTurn> = {}): CoachTurn {
  return { type: "coach_turn", session_id: "s", event, at_ms: 0, turn, say: `Question ${turn}`, help_vi: "", corrections: [], is_last: false, ...changes };
}

function answered(turn: number, transcript: string) {
  return { turn, coach: { ...OPENING, say: `Question ${turn}` }, analysis: { transcript, scores: { overall: 7 } } };
}

describe("a talk", () => {
  let talk: Talk;
  let opened: LiveOptions[];
  let microphone: CaptureEvents;
  const session = vi.fn<(id: string) => Promise<Session>>();
  const sendAudio = vi.fn();

  const live = () => opened.at(-1) as LiveOptions;
  const speak = async () => {
    await talk.practice.record();
    live().events.onStarted({ maxSeconds: 60 });
    for (let n = 0; n < 10; ++n) microphone.onChunk(new Int16Array(CHUNK_SAMPLES).fill(1000));
  };
  const complete = (event: number) => live().events.onComplete({ session_id: "s", event, scores: { overall: 7 }, miscues: [] } as unknown as AnalysisComplete);

  beforeEach(() => {
    opened = [];
    session.mockReset();
    sendAudio.mockReset();
    talk = new Talk(TOPIC, "A2", {
      client: { session, sendAudio, retry: vi.fn() },
      locale: () => "vi",
      token: () => Promise.resolve("t"),
      forgetToken: () => {},
      stopsAtSilence: () => false,
      startCapture: (events) => {
        microphone = events;
        return Promise.resolve({ stop: () => Promise.resolve() });
      },
      openLive: (options) => {
        opened.push(options);
        return { send: () => {}, end: () => {}, cancel: () => {} } as unknown as LiveSession;
      },
    });
  });
  afterEach(() => {
    talk.dispose();
    cleanup();
  });

  test("goes turn by turn through one session", async () => {
    expect(talk.exchanges.value.map(({ coach }) => coach.say)).toEqual(["What do you like to eat?"]);
    await speak();
    expect(live().start).toMatchObject({ mode: "conversation", topic: "food", level: "A2" });
    expect(live().turn).toBeUndefined();
    live().events.onCoachTurn(coachTurn(1, 1));
    live().events.onTurnEnded();
    await vi.waitFor(() => expect(talk.practice.phase.value.name).toBe("analysing"));
    live().events.onCoachTurn(coachTurn(2, 3));
    session.mockResolvedValueOnce({ id: "s", turns: [answered(1, "I like noodles."), { turn: 2, coach: coachTurn(2, 0), analysis: null }] } as unknown as Session);
    complete(6);
    await vi.waitFor(() => expect(talk.exchanges.value.map(({ heard }) => heard)).toEqual(["I like noodles.", null]));
    await speak();
    expect(live().turn).toEqual({ sessionId: "s", lastEvent: 6, isLeft: false });
  });

  test("an answer that was lost is given up before the next one, or sent from the page", async () => {
    await speak();
    live().events.onCoachTurn(coachTurn(1, 1));
    live().events.onLost("network");
    await talk.practice.stop();
    expect(talk.practice.phase.value.name).toBe("failed");
    await speak();
    expect(live().turn, "nothing was answered: begun anew").toBeUndefined();
    await talk.practice.stop();
    live().events.onCoachTurn(coachTurn(1, 1));
    session.mockResolvedValue({ id: "s", turns: [answered(1, "I like soup.")] } as unknown as Session);
    complete(6);
    await vi.waitFor(() => expect(talk.exchanges.value[0]?.heard).toBe("I like soup."));
    await speak();
    live().events.onLost("network");
    await talk.practice.stop();
    sendAudio.mockRejectedValueOnce(new UnreachableError());
    await talk.practice.sendKept();
    expect(sendAudio.mock.calls[0]?.[0]).toBe("s");
    await speak();
    expect(live().turn).toEqual({ sessionId: "s", lastEvent: 6, isLeft: true });
  });

  test("what could not be made out is asked again", async () => {
    await speak();
    live().events.onCoachTurn(coachTurn(1, 1));
    live().events.onCoachTurn(coachTurn(2, 2));
    live().events.onError({ type: "error", session_id: "s", event: 3, at_ms: 0, code: "no_speech", message: "", retryable: false, turn: 1 } as ErrorMessage, true);
    await speak();
    expect(live().turn).toEqual({ sessionId: "s", lastEvent: 3, isLeft: false });
  });

  test("shows what was said, what would be better, and the end", async () => {
    const correction = { kind: "grammar" as const, said: "I very like", better: "I really like", why_vi: "Ta nói really trước động từ." };
    render(<TalkStage talk={talk} />);
    expect(screen.getByText("What do you like to eat?")).toBeTruthy();
    expect(screen.getByText("Bạn có thể nói: I like...")).toBeTruthy();
    await speak();
    live().events.onCoachTurn(coachTurn(1, 1));
    await talk.practice.stop();
    const goodbye = coachTurn(2, 2, { say: "Goodbye!", is_last: true, corrections: [correction] });
    live().events.onCoachTurn(goodbye);
    session.mockResolvedValueOnce({ id: "s", turns: [answered(1, "I very like soup."), { turn: 2, coach: goodbye, analysis: null }] } as unknown as Session);
    complete(4);
    await screen.findByText("I very like soup.");
    expect(screen.getByText("I really like")).toBeTruthy();
    expect(screen.getByText("Ta nói really trước động từ.")).toBeTruthy();
    expect(screen.getByText("Xem cả cuộc trò chuyện").getAttribute("href")).toBe("/history/s");
    expect(document.querySelector(".record_button")).toBeNull();
  });
});
