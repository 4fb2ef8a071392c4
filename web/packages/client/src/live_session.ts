// One recording over the WebSocket: chunks go out while the learner speaks, the analysis comes back stage by stage.
import { audioFrame } from "./frames.js";
import type { AnalysisComplete, ClientMessage, CoachTurn, ErrorMessage, Hint, PronunciationReport, Prosody, Resumed, ServerMessage, Stage, StartSession, Transcription } from "./types.js";

export interface LiveEvents {
  // The server listens: from here on what is said is streamed.
  onStarted(limits: { maxSeconds: number }): void;
  // The connection went away, and is sought again; or is there again and goes on where it stopped. Nothing that was said is lost.
  onConnection(isThere: boolean): void;
  // `ahead`: before the analysis has begun, how many waiting recordings come before this one, where the server knows.
  onProgress(stage: Stage, percent: number, ahead?: number): void;
  onTranscription(transcription: Transcription): void;
  // A sound that is plainly wrong, while the learner still reads; each word at most once.
  onHint(hint: Hint): void;
  // How the voice went, while the learner speaks: Hz, 20 ms apart, 0 where there is none; from that moment of the recording on.
  onPitch(fromS: number, pitchHz: readonly number[]): void;
  onProsody(prosody: Prosody): void;
  onPronunciation(report: PronunciationReport): void;
  // A stage was replaced by something simpler, or (`isFinal`) the session failed.
  onError(error: ErrorMessage, isFinal: boolean): void;
  onComplete(analysis: AnalysisComplete): void;
  // A conversation: what the coach says before that turn.
  onCoachTurn(turn: CoachTurn): void;
  // A conversation: the learner has been silent for long enough, and the server has ended the turn.
  onTurnEnded(): void;
  // The analysis ended while the connection was away: its result is read by REST. Nothing follows.
  onEndedUnheard(sessionId: string): void;
  // The connection is gone and the recording is not with the server. Nothing follows.
  onLost(reason: LossReason): void;
}

// guardian: a child whom no guardian lets practise yet.
export type LossReason = "network" | "busy" | "unauthenticated" | "guardian" | "refused";

// The part of WebSocket that is used: a test puts its own in its place.
export interface Socket {
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  send(data: string | ArrayBuffer): void;
  close(code?: number): void;
}

export interface LiveOptions {
  start: Omit<StartSession, "type" | "audio">;
  // The recording is a further turn of that conversation, whose events up to lastEvent are known. A turn before it that was lost half-way
  // (`isLeft`) is given up first.
  turn?: { sessionId: string; lastEvent: number; isLeft: boolean };
  token: () => Promise<string>;
  forgetToken: () => void;
  events: LiveEvents;
  // An origin, as https://coach.example; without one the page's own.
  server?: string;
  openSocket?: (token: string) => Socket;
}

// What send() takes: mono, 16 bits a sample.
export const SAMPLE_RATE_HZ = 16000;

const PROTOCOL = "speechcoach.v1";
const PING_EVERY_MS = 5000;
// Without a word from the server for this long the connection counts as lost, whatever the browser believes.
const SILENCE_LIMIT_MS = 15000;
const RECONNECT_DELAYS_MS = [300, 1000, 2000, 4000, 8000];
// A class whose server went away does not come back in one moment.
const SPREAD = 0.5;

// Beyond that, as long as the server keeps an unfinished recording: who speaks on a train may be without a network for minutes.
const LATER_DELAY_MS = 8000;

const CLOSE_BUSY = 1013;
const CLOSE_POLICY = 1008;
const CLOSE_UNAUTHENTICATED = 4401;
const CLOSE_FORBIDDEN = 4403;
const CLOSE_DONE = 1000;

// The standard WebSocket, of a browser, Node or Deno. `server` is an origin.
function openStandardSocket(server: string, token: string): Socket {
  return new WebSocket(`${server.replace(/^http/, "ws")}/api/v1/ws/speech-practice`, [PROTOCOL, `bearer.${token}`]);
}

function lossReason(code: number): LossReason {
  switch (code) {
    case CLOSE_BUSY:
      return "busy";
    case CLOSE_UNAUTHENTICATED:
      return "unauthenticated";
    case CLOSE_FORBIDDEN:
      return "guardian";
    case CLOSE_POLICY:
      return "refused";
    default:
      return "network";
  }
}

// connecting: until session_started; chunks wait here. streaming: until the end is sent. analysing: the server has all.
// over: complete, failed, cancelled or lost.
type Phase = "connecting" | "streaming" | "analysing" | "over";

export class LiveSession {
  private phase: Phase = "connecting";
  private socket: Socket | undefined;
  // The server said hello on this socket: it can be written to.
  private open = false;
  // The server knows, on this socket, which recording the chunks belong to.
  private listening = false;
  // The server was asked, on this socket, to go on where it stopped, and has not answered.
  private resuming = false;
  // How long the server keeps an unfinished recording; 0 where it does not.
  private resumeWindowMs = 0;
  private lostAt = 0;
  private sessionId: string | undefined;
  private streamId = 0;
  // All chunks, by sequence number: the server may ask for one again.
  private readonly chunks: Int16Array[] = [];
  // So many of them went out at least once, and stay as they are.
  private sentCount = 0;
  private ended = false;
  private signedInAgain = false;
  private leftBehind = false;
  private reconnects = 0;
  private pingTimer: ReturnType<typeof setInterval> | undefined;
  private reconnectTimer: ReturnType<typeof setTimeout> | undefined;
  private heardAt = 0;

  constructor(private readonly options: LiveOptions) {
    void this.connect();
  }

  send(chunk: Int16Array): void {
    if (this.phase === "over" || this.ended) return;
    if (!this.listening) return this.keep(chunk);
    this.chunks.push(chunk);
    this.sendChunk(this.chunks.length - 1);
  }

  // All chunks were handed over; the analysis begins once the server has them.
  end(): void {
    if (this.phase === "over" || this.ended) return;
    this.ended = true;
    if (this.phase === "streaming") this.sendEnd();
  }

  // The recording is given up. No event follows.
  cancel(): void {
    if (this.phase !== "over" && this.sessionId !== undefined) this.say({ type: "cancel", session_id: this.sessionId });
    this.finish();
  }

  // Until the server listens, chunks that were never sent grow up to a second: the backlog must not look like a flood.
  private keep(chunk: Int16Array): void {
    const last = this.chunks.length > this.sentCount ? this.chunks.at(-1) : undefined;
    if (last === undefined || last.length >= SAMPLE_RATE_HZ) {
      this.chunks.push(chunk);
      return;
    }
    const joined = new Int16Array(last.length + chunk.length);
    joined.set(last);
    joined.set(chunk, last.length);
    this.chunks[this.chunks.length - 1] = joined;
  }

  private async connect(): Promise<void> {
    let token: string;
    try {
      token = await this.options.token();
    } catch {
      return this.onConnectionLost("network");
    }
    if (this.phase === "over") return;
    const socket = this.options.openSocket?.(token) ?? openStandardSocket(this.options.server ?? location.origin, token);
    this.socket = socket;
    socket.onmessage = ({ data }) => {
      if (this.socket === socket && typeof data === "string") this.onMessage(JSON.parse(data) as ServerMessage);
    };
    socket.onclose = ({ code }) => {
      if (this.socket === socket) this.onConnectionLost(lossReason(code));
    };
    this.watch();
  }

  private watch(): void {
    clearInterval(this.pingTimer);
    this.heardAt = Date.now();
    this.pingTimer = setInterval(() => {
      if (Date.now() - this.heardAt > SILENCE_LIMIT_MS) this.onConnectionLost("network");
      else this.say({ type: "ping" });
    }, PING_EVERY_MS);
  }

  private onMessage(message: ServerMessage): void {
    this.heardAt = Date.now();
    const { events } = this.options;
    switch (message.type) {
      case "hello":
        return this.onHello(message.resume_window_s);
      case "session_started":
        return this.onStarted(message.session_id, message.stream_id, message.limits.max_seconds);
      case "turn_started":
        return this.onStarted(message.session_id, message.stream_id, message.limits.max_seconds);
      case "turn_ended":
        return events.onTurnEnded();
      case "coach_turn":
        return events.onCoachTurn(message);
      case "cancelled":
        return this.leave();
      case "resumed":
        return this.onResumed(message);
      case "chunk_request":
        for (let seq = message.from_seq; seq <= Math.min(message.to_seq, this.chunks.length - 1); ++seq) this.sendChunk(seq);
        return;
      case "progress":
        return events.onProgress(message.stage, message.percent, message.ahead);
      case "transcription":
        return events.onTranscription(message);
      case "hint":
        return events.onHint(message);
      case "prosody_features":
        return events.onProsody(message.prosody);
      case "pronunciation":
        return events.onPronunciation(message.pronunciation);
      case "analysis_complete":
        this.finish();
        return events.onComplete(message);
      case "error":
        return this.onError(message);
      case "level":
        if (message.pitch_hz && message.pitch_from_s !== undefined) events.onPitch(message.pitch_from_s, message.pitch_hz);
        return;
      case "ack":
      case "pong":
      case "going_away":
        return;
    }
  }

  private onHello(resumeWindowS: number): void {
    this.open = true;
    this.resumeWindowMs = resumeWindowS * 1000;
    if (this.sessionId !== undefined) {
      // Everything is heard again: events are numbered anew where the server was restarted, and what comes twice replaces itself.
      this.resuming = true;
      this.say({ type: "resume", session_id: this.sessionId, last_event: this.options.turn?.lastEvent ?? 0 });
      return;
    }
    if (this.options.turn?.isLeft && !this.leftBehind) return this.say({ type: "cancel", session_id: this.options.turn.sessionId });
    if (this.options.turn !== undefined) return this.startTurn();
    this.say({ type: "start_session", ...this.options.start, audio: { format: "pcm_s16le", sample_rate: SAMPLE_RATE_HZ } });
  }

  // What was lost of the turn before is given up, or already was.
  private leave(): void {
    this.leftBehind = true;
    this.startTurn();
  }

  private startTurn(): void {
    const { turn } = this.options;
    if (turn === undefined || this.sessionId !== undefined) return;
    this.say({ type: "start_turn", session_id: turn.sessionId, last_event: turn.lastEvent, audio: { format: "pcm_s16le", sample_rate: SAMPLE_RATE_HZ } });
  }

  private onStarted(sessionId: string, streamId: number, maxSeconds: number): void {
    this.sessionId = sessionId;
    this.streamId = streamId;
    this.phase = "streaming";
    this.options.events.onStarted({ maxSeconds });
    this.listen(0);
  }

  // The server has all chunks before `firstSeq`.
  private listen(firstSeq: number): void {
    this.listening = true;
    for (let seq = firstSeq; seq < this.chunks.length; ++seq) this.sendChunk(seq);
    if (this.ended) this.sendEnd();
  }

  private onResumed({ session_id, state, next_seq, stream_id }: Resumed): void {
    this.resuming = false;
    this.reconnects = 0;
    this.lostAt = 0;
    this.options.events.onConnection(true);
    if (state === "processing") return;
    if (stream_id !== undefined) {
      this.streamId = stream_id;
      return this.listen(next_seq);
    }
    this.finish();
    if (state === "completed" || state === "degraded" || state === "failed") this.options.events.onEndedUnheard(session_id);
    else this.options.events.onLost("network");  // the end of the recording never arrived
  }

  private onError(error: ErrorMessage): void {
    if (this.resuming) return this.onResumeRefused(error);
    if (this.options.turn?.isLeft && !this.leftBehind) return this.leave();
    // Where a stage of the analysis is named, something simpler took its place and the analysis goes on.
    const isFinal = this.phase !== "analysing" || error.stage === undefined || error.stage === "listening";
    if (isFinal) this.finish();
    this.options.events.onError(error, isFinal);
  }

  // Where the server does not keep the recording any more, the page does.
  private onResumeRefused(error: ErrorMessage): void {
    if (error.retryable) return this.onConnectionLost(error.code === "busy" ? "busy" : "network");
    this.finish();
    this.options.events.onLost("network");
  }

  // Once the end was sent the server works on without us; before, it keeps what it has for a while. Both are taken up again.
  private onConnectionLost(reason: LossReason): void {
    if (this.phase === "over") return;
    this.detach();
    const delay = this.waitMs(reason);
    if (delay === undefined) {
      this.finish();
      return this.options.events.onLost(reason);
    }
    this.reconnectTimer = setTimeout(this.reconnect, delay);
    globalThis.addEventListener?.("online", this.reconnect);
    if (this.phase !== "connecting") this.options.events.onConnection(false);
  }

  // After a wait, or as soon as the device has a network again.
  private readonly reconnect = (): void => {
    this.stopWaiting();
    void this.connect();
  };

  private stopWaiting(): void {
    clearTimeout(this.reconnectTimer);
    globalThis.removeEventListener?.("online", this.reconnect);
  }

  // How long until the next attempt; undefined: there is none.
  private waitMs(reason: LossReason): number | undefined {
    if (reason === "unauthenticated" && !this.signedInAgain) {
      this.signedInAgain = true;
      this.options.forgetToken();
      return 0;
    }
    const canGoOn = this.phase === "analysing" || (this.phase === "streaming" && this.resumeWindowMs > 0);
    return canGoOn && (reason === "network" || reason === "busy") ? this.nextDelayMs() : undefined;
  }

  // undefined: it has been tried for long enough. Who has stopped speaking is not left waiting: the recording can be sent otherwise.
  private nextDelayMs(): number | undefined {
    if (this.lostAt === 0) this.lostAt = Date.now();
    const isKept = !this.ended && Date.now() - this.lostAt < this.resumeWindowMs;
    const longest = RECONNECT_DELAYS_MS[this.reconnects++] ?? (isKept ? LATER_DELAY_MS : undefined);
    return longest === undefined ? undefined : longest * (1 - SPREAD * Math.random());
  }

  private sendChunk(seq: number): void {
    const chunk = this.chunks[seq];
    if (chunk === undefined || !this.listening) return;
    this.sentCount = Math.max(this.sentCount, seq + 1);
    this.socket?.send(audioFrame(this.streamId, seq, chunk));
  }

  // Without a connection it is sent once the server listens again.
  private sendEnd(): void {
    if (!this.listening) return;
    this.phase = "analysing";
    if (this.sessionId !== undefined) this.say({ type: "end_recording", session_id: this.sessionId, last_seq: this.chunks.length - 1 });
  }

  private say(message: ClientMessage): void {
    if (this.open) this.socket?.send(JSON.stringify(message));
  }

  // Browsers complain of a connection that is closed while it opens: such a one is closed at its first word.
  private detach(): void {
    clearInterval(this.pingTimer);
    const { socket, open } = this;
    this.socket = undefined;
    this.open = false;
    this.listening = false;
    this.resuming = false;
    if (socket === undefined) return;
    if (open) socket.close(CLOSE_DONE);
    else socket.onmessage = () => socket.close(CLOSE_DONE);
  }

  private finish(): void {
    this.phase = "over";
    this.stopWaiting();
    this.detach();
  }
}
