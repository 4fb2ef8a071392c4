// One practice from "ready" to scores: the only place where microphone, wire and recording meet.
import { signal, type ReadonlySignal } from "@preact/signals";
import { ApiError, LiveSession, newKey, type Client, type Hint, type LiveOptions, type Locale, type LossReason, type PronunciationReport, type Prosody, type Scores, type Session, type Stage, type Task, type Transcription } from "@speechcoach/client";
import { SAMPLE_RATE_HZ } from "../audio/format";
import { levels } from "../audio/level";
import { MicrophoneError, type Capture, type CaptureEvents, type MicrophoneFault } from "../audio/microphone";
import { corrected, pitches } from "../audio/pitch";
import { Player } from "../audio/player";
import { Recording } from "../audio/recording";
import { isSilentAfterSpeech } from "../audio/silence";
import { outcomeOfLive, outcomeOfSession, type Outcome } from "./outcome";

// Shorter recordings hold no word; they are not sent.
export const MIN_SECONDS = 0.6;
const DEFAULT_MAX_SECONDS = 60;
// Who speaks freely stops to think; who reads a sentence is done at its end.
const SILENCE_S = { sentence_practice: 2, conversation: 4 };

export type Failure =
  | { kind: "microphone"; fault: MicrophoneFault }
  | { kind: "too_short" }
  // The recording is in the page only and can be sent.
  | { kind: "not_sent"; reason: Exclude<LossReason, "guardian"> }
  | { kind: "unreachable" }
  | { kind: "server"; code: string; message: string; retryAfterS: number | null };

export type Phase =
  | { name: "ready" }
  | { name: "asking" }
  | { name: "recording"; connection: "connecting" | "live" | "reconnecting" | "lost" }
  | { name: "sending" }
  // `ahead`: so many recordings are analysed before this one.
  | { name: "analysing"; stage: Stage; percent: number; ahead?: number | undefined }
  | { name: "done"; outcome: Outcome; before: Scores | null }
  | { name: "failed"; failure: Failure; canSend: boolean };

export interface PracticeParts {
  client: Pick<Client, "analyse" | "retry" | "session">;
  locale: () => Locale;
  token: () => Promise<string>;
  forgetToken: () => void;
  // A long silence after speech ends the recording.
  stopsAtSilence: () => boolean;
  startCapture: (events: CaptureEvents) => Promise<Capture>;
  openLive?: (options: LiveOptions) => LiveSession;
}

export class Practice {
  readonly phase: ReadonlySignal<Phase>;
  readonly seconds: ReadonlySignal<number>;
  // Loudness of each bar (audio/level.ts) so far, [0, 1].
  readonly loudness: ReadonlySignal<readonly number[]>;
  // Hz, one value for each bar of `loudness`; 0 where no voice is heard.
  readonly pitch: ReadonlySignal<readonly number[]>;
  readonly transcription: ReadonlySignal<Transcription | null>;
  // Sounds that were plainly wrong so far, while the recording goes on.
  readonly hints: ReadonlySignal<readonly Hint[]>;
  readonly prosody: ReadonlySignal<Prosody | null>;
  readonly player: ReadonlySignal<Player | null>;
  // The microphone went away in the midst of the recording: what came before is analysed.
  readonly isCut: ReadonlySignal<boolean>;
  readonly maxSeconds: ReadonlySignal<number>;

  private readonly phase_ = signal<Phase>({ name: "ready" });
  private readonly seconds_ = signal(0);
  private readonly loudness_ = signal<readonly number[]>([]);
  private readonly pitch_ = signal<readonly number[]>([]);
  private readonly transcription_ = signal<Transcription | null>(null);
  private readonly hints_ = signal<readonly Hint[]>([]);
  private readonly prosody_ = signal<Prosody | null>(null);
  private pronunciation: PronunciationReport | null = null;
  private readonly player_ = signal<Player | null>(null);
  private readonly isCut_ = signal(false);
  private readonly maxSeconds_ = signal(DEFAULT_MAX_SECONDS);

  private recording = new Recording();
  // A file that was chosen in place of a recording.
  private file: File | null = null;
  private live: LiveSession | undefined;
  private capture: Capture | undefined;
  private failedStages: Stage[] = [];
  private scoresBefore: Scores | null = null;
  private lostReason: Exclude<LossReason, "guardian"> | null = null;
  // Under which the kept recording is sent, until the server has answered with a session.
  private key: string | null = null;
  private request: AbortController | undefined;
  // Raised whenever a run begins or is given up: what an older one still reports is not heard.
  private run = 0;

  constructor(
    readonly task: Task,
    private readonly parts: PracticeParts,
  ) {
    this.phase = this.phase_;
    this.seconds = this.seconds_;
    this.loudness = this.loudness_;
    this.pitch = this.pitch_;
    this.transcription = this.transcription_;
    this.hints = this.hints_;
    this.prosody = this.prosody_;
    this.player = this.player_;
    this.isCut = this.isCut_;
    this.maxSeconds = this.maxSeconds_;
  }

  async record(): Promise<void> {
    const run = this.begin();
    this.phase_.value = { name: "asking" };
    let capture: Capture;
    try {
      capture = await this.parts.startCapture({
        onChunk: (samples) => run === this.run && this.onChunk(samples),
        onLost: () => {
          if (run !== this.run) return;
          this.isCut_.value = true;
          void this.stop();
        },
      });
    } catch (error) {
      if (run === this.run) this.fail({ kind: "microphone", fault: error instanceof MicrophoneError ? error.fault : "failed" });
      return;
    }
    if (run !== this.run) {
      await capture.stop();
      return;
    }
    this.capture = capture;
    this.phase_.value = { name: "recording", connection: "connecting" };
    this.live = this.openLive(run);
  }

  async stop(): Promise<void> {
    const phase = this.phase_.value;
    if (phase.name !== "recording") return;
    const run = this.run;
    const capture = this.capture;
    this.capture = undefined;
    this.phase_.value = { name: "analysing", stage: "listening", percent: 0 };
    await capture?.stop();
    if (run !== this.run) return;

    this.player_.value = Player.ofSamples(this.recording.samples());
    if (this.recording.durationS < MIN_SECONDS) {
      this.live?.cancel();
      this.fail({ kind: "too_short" });
    } else if (phase.connection === "lost" || this.lostReason !== null) {
      this.fail({ kind: "not_sent", reason: this.lostReason ?? "network" });
    } else {
      this.live?.end();
    }
  }

  // Gives up whatever runs. The recording is dropped.
  cancel(): void {
    this.begin();
    this.phase_.value = { name: "ready" };
  }

  async upload(file: File): Promise<void> {
    const run = this.begin();
    this.file = file;
    void Player.ofFile(file).then((player) => {
      if (run === this.run) this.player_.value = player;
    });
    await this.sendKept();
  }

  // Sends what the page holds, by upload: after a lost connection, or again after a failure of the server.
  async sendKept(): Promise<void> {
    const audio = this.file ?? this.recording.toWav();
    const name = this.file?.name ?? "recording.wav";
    const key = (this.key ??= newKey());
    await this.analyse((signal) => this.parts.client.analyse(this.task, audio, name, signal, key));
  }

  // Asks the server to do again what failed in an analysis that is only partly there.
  async analyseAgain(): Promise<void> {
    const phase = this.phase_.value;
    if (phase.name !== "done") return;
    await this.analyse((signal) => this.parts.client.retry(phase.outcome.sessionId, signal));
  }

  dispose(): void {
    this.begin();
    this.player_.value?.dispose();
  }

  private begin(): number {
    const phase = this.phase_.value;
    if (phase.name === "done") this.scoresBefore = phase.outcome.scores;
    this.request?.abort();
    this.live?.cancel();
    void this.capture?.stop();
    this.player_.value?.dispose();
    this.live = undefined;
    this.capture = undefined;
    this.lostReason = null;
    this.recording = new Recording();
    this.file = null;
    this.key = null;
    this.failedStages = [];
    this.seconds_.value = 0;
    this.loudness_.value = [];
    this.pitch_.value = [];
    this.transcription_.value = null;
    this.hints_.value = [];
    this.prosody_.value = null;
    this.pronunciation = null;
    this.player_.value = null;
    this.isCut_.value = false;
    return ++this.run;
  }

  private onChunk(samples: Int16Array): void {
    const room = Math.round(this.maxSeconds_.value * SAMPLE_RATE_HZ - this.recording.durationS * SAMPLE_RATE_HZ);
    const accepted = samples.subarray(0, Math.max(0, room));
    if (accepted.length > 0) {
      this.recording.append(accepted);
      this.live?.send(accepted);
      this.loudness_.value = [...this.loudness_.value, ...levels(accepted)];
      this.pitch_.value = [...this.pitch_.value, ...pitches(accepted)];
      this.seconds_.value = this.recording.durationS;
    }
    const isDone = this.parts.stopsAtSilence() && isSilentAfterSpeech(this.loudness_.value, SILENCE_S[this.task.mode]);
    if (accepted.length === room || isDone) void this.stop();
  }

  private openLive(run: number): LiveSession {
    const { task, parts } = this;
    const heard =
      <Arguments extends unknown[]>(handler: (...args: Arguments) => void) =>
      (...args: Arguments) => {
        if (run === this.run) handler(...args);
      };
    const options: LiveOptions = {
      start: {
        mode: task.mode,
        locale: parts.locale(),
        ...(task.sentence === null ? {} : { sentence_id: task.sentence.id }),
      },
      token: parts.token,
      forgetToken: parts.forgetToken,
      events: {
        onStarted: heard(({ maxSeconds }) => {
          this.maxSeconds_.value = maxSeconds;
          if (this.phase_.value.name === "recording") this.phase_.value = { name: "recording", connection: "live" };
        }),
        onConnection: heard((isThere) => {
          if (this.phase_.value.name === "recording") this.phase_.value = { name: "recording", connection: isThere ? "live" : "reconnecting" };
        }),
        onProgress: heard((stage, percent, ahead) => {
          if (this.phase_.value.name === "analysing") this.phase_.value = { name: "analysing", stage, percent, ahead };
        }),
        onPitch: heard((fromS, pitchHz) => (this.pitch_.value = corrected(this.pitch_.value, fromS, pitchHz))),
        onTranscription: heard((transcription) => (this.transcription_.value = transcription)),
        onHint: heard((hint) => (this.hints_.value = [...this.hints_.value, hint])),
        onProsody: heard((prosody) => (this.prosody_.value = prosody)),
        onPronunciation: heard((report) => (this.pronunciation = report)),
        onError: heard((error, isFinal) => {
          if (!isFinal) {
            if (error.stage !== undefined && !this.failedStages.includes(error.stage)) this.failedStages.push(error.stage);
            return;
          }
          const retryAfterS = error.retry_after_ms === undefined ? null : Math.ceil(error.retry_after_ms / 1000);
          this.failRun({ kind: "server", code: error.code, message: error.message, retryAfterS });
        }),
        onComplete: heard((complete) =>
          this.finish(outcomeOfLive(complete, this.transcription_.value, this.prosody_.value, this.pronunciation, this.failedStages)),
        ),
        onCoachTurn: () => undefined,
        onTurnEnded: heard(() => void this.stop()),
        onEndedUnheard: heard((sessionId) => void this.analyse(() => this.parts.client.session(sessionId))),
        onLost: heard((reason) => this.onLost(reason)),
      },
    };
    return this.parts.openLive?.(options) ?? new LiveSession(options);
  }

  // While the learner speaks the recording goes on: it is complete in the page and can be sent afterwards.
  // A child whom nobody lets practise is not recorded on.
  private onLost(reason: LossReason): void {
    this.live = undefined;
    if (reason === "guardian") return this.failRun({ kind: "server", code: "guardian_consent_needed", message: "", retryAfterS: null });
    this.lostReason = reason;
    if (this.phase_.value.name === "recording") this.phase_.value = { name: "recording", connection: "lost" };
    else this.failRun({ kind: "not_sent", reason });
  }

  // A failure of the server may come in the midst of the recording.
  private failRun(failure: Failure): void {
    const capture = this.capture;
    this.capture = undefined;
    void capture?.stop();
    if (this.recording.durationS > 0) this.player_.value ??= Player.ofSamples(this.recording.samples());
    this.fail(failure);
  }

  private async analyse(send: (signal: AbortSignal) => Promise<Session>): Promise<void> {
    const run = this.run;
    const request = new AbortController();
    this.request = request;
    this.phase_.value = { name: "sending" };
    try {
      const session = await send(request.signal);
      if (run !== this.run) return;
      this.key = null;
      const outcome = outcomeOfSession(session);
      if (outcome !== null) this.finish(outcome);
      else this.fail({ kind: "server", code: session.error?.code ?? "internal", message: session.error?.message ?? "", retryAfterS: null });
    } catch (error) {
      if (run !== this.run) return;
      if (error instanceof ApiError) this.fail({ kind: "server", code: error.code, message: error.message, retryAfterS: error.retryAfterS });
      else this.fail({ kind: "unreachable" });
    }
  }

  private finish(outcome: Outcome): void {
    this.phase_.value = { name: "done", outcome, before: this.scoresBefore };
  }

  private fail(failure: Failure): void {
    const keeps = this.file !== null || this.recording.durationS >= MIN_SECONDS;
    this.phase_.value = { name: "failed", failure, canSend: keeps && canBeSentAgain(failure) };
  }
}

// The same recording can succeed when it is sent once more.
function canBeSentAgain(failure: Failure): boolean {
  if (failure.kind === "not_sent" || failure.kind === "unreachable") return true;
  const WORTH_IT = ["busy", "internal", "storage_unavailable", "rate_limited", "timeout", "model_unavailable"];
  return failure.kind === "server" && WORTH_IT.includes(failure.code);
}
