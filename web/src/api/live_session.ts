// One recording over the WebSocket: chunks go out while the learner speaks, the analysis comes back stage by stage.
import { SAMPLE_RATE_HZ } from "../audio/format";
import { audioFrame } from "./frames";
import type { AnalysisComplete, ClientMessage, ErrorMessage, PronunciationReport, Prosody, ServerMessage, SessionStatus, Stage, StartSession, Transcription } from "./types";

export interface LiveEvents {
  // The server listens: from here on what is said is streamed.
  onStarted(limits: { maxSeconds: number }): void;
  onProgress(stage: Stage, percent: number): void;
  onTranscription(transcription: Transcription): void;
  onProsody(prosody: Prosody): void;
  onPronunciation(report: PronunciationReport): void;
  // A stage was replaced by something simpler, or (`isFinal`) the session failed.
  onError(error: ErrorMessage, isFinal: boolean): void;
  onComplete(analysis: AnalysisComplete): void;
  // The analysis ended while the connection was away: its result is read by REST. Nothing follows.
  onEndedUnheard(sessionId: string): void;
  // The connection is gone and the recording is not with the server. Nothing follows.
  onLost(reason: LossReason): void;
}

export type LossReason = "network" | "busy" | "unauthenticated" | "refused";

// The part of WebSocket that is used: a test puts its own in its place.
export interface Socket {
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  send(data: string | ArrayBuffer): void;
  close(code?: number): void;
}

export interface LiveOptions {
  start: Omit<StartSession, "type" | "audio">;
  token: () => Promise<string>;
  forgetToken: () => void;
  events: LiveEvents;
  openSocket?: (token: string) => Socket;
}

const PROTOCOL = "speechcoach.v1";
const PING_EVERY_MS = 5000;
// Without a word from the server for this long the connection counts as lost, whatever the browser believes.
const SILENCE_LIMIT_MS = 15000;
const RECONNECT_DELAYS_MS = [300, 1000, 2000, 4000, 8000];

const CLOSE_BUSY = 1013;
const CLOSE_POLICY = 1008;
const CLOSE_UNAUTHENTICATED = 4401;
const CLOSE_FORBIDDEN = 4403;
const CLOSE_DONE = 1000;

function openBrowserSocket(token: string): Socket {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  return new WebSocket(`${scheme}//${location.host}/api/v1/ws/speech-practice`, [PROTOCOL, `bearer.${token}`]);
}

function lossReason(code: number): LossReason {
  switch (code) {
    case CLOSE_BUSY:
      return "busy";
    case CLOSE_UNAUTHENTICATED:
      return "unauthenticated";
    case CLOSE_POLICY:
    case CLOSE_FORBIDDEN:
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
  private sessionId: string | undefined;
  private streamId = 0;
  // All chunks, by sequence number: the server may ask for one again.
  private readonly chunks: Int16Array[] = [];
  private ended = false;
  private signedInAgain = false;
  private reconnects = 0;
  private pingTimer: ReturnType<typeof setInterval> | undefined;
  private reconnectTimer: ReturnType<typeof setTimeout> | undefined;
  private heardAt = 0;

  constructor(private readonly options: LiveOptions) {
    void this.connect();
  }

  send(chunk: Int16Array): void {
    if (this.phase === "over" || this.ended) return;
    if (this.phase === "connecting") return this.keep(chunk);
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

  // Until the server listens, chunks grow up to a second: the backlog must not look like a flood.
  private keep(chunk: Int16Array): void {
    const last = this.chunks.at(-1);
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
    const socket = (this.options.openSocket ?? openBrowserSocket)(token);
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
        return this.onHello();
      case "session_started":
        return this.onStarted(message.session_id, message.stream_id, message.limits.max_seconds);
      case "resumed":
        return this.onResumed(message.session_id, message.state);
      case "chunk_request":
        for (let seq = message.from_seq; seq <= Math.min(message.to_seq, this.chunks.length - 1); ++seq) this.sendChunk(seq);
        return;
      case "progress":
        return events.onProgress(message.stage, message.percent);
      case "transcription":
        return events.onTranscription(message);
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
      case "pong":
      case "cancelled":
      case "going_away":
        return;
    }
  }

  private onHello(): void {
    this.open = true;
    if (this.sessionId !== undefined) {
      // Everything is heard again: events are numbered anew where the server was restarted, and what comes twice replaces itself.
      this.say({ type: "resume", session_id: this.sessionId, last_event: 0 });
      return;
    }
    this.say({ type: "start_session", ...this.options.start, audio: { format: "pcm_s16le", sample_rate: SAMPLE_RATE_HZ } });
  }

  private onStarted(sessionId: string, streamId: number, maxSeconds: number): void {
    this.sessionId = sessionId;
    this.streamId = streamId;
    this.phase = "streaming";
    this.options.events.onStarted({ maxSeconds });
    for (let seq = 0; seq < this.chunks.length; ++seq) this.sendChunk(seq);
    if (this.ended) this.sendEnd();
  }

  private onResumed(sessionId: string, state: SessionStatus): void {
    this.reconnects = 0;
    if (state === "processing") return;
    this.finish();
    if (state === "completed" || state === "degraded" || state === "failed") this.options.events.onEndedUnheard(sessionId);
    else this.options.events.onLost("network");  // the end of the recording never arrived
  }

  private onError(error: ErrorMessage): void {
    // Where a stage of the analysis is named, something simpler took its place and the analysis goes on.
    const isFinal = this.phase !== "analysing" || error.stage === undefined || error.stage === "listening";
    if (isFinal) this.finish();
    this.options.events.onError(error, isFinal);
  }

  // Once the end was sent the server works on without us: come back and hear the rest. Before, the recording is only here.
  private onConnectionLost(reason: LossReason): void {
    if (this.phase === "over") return;
    this.detach();
    if (reason === "unauthenticated" && !this.signedInAgain && this.phase !== "streaming") {
      this.signedInAgain = true;
      this.options.forgetToken();
      void this.connect();
      return;
    }
    const delay = RECONNECT_DELAYS_MS[this.reconnects];
    if (this.phase === "analysing" && reason !== "refused" && delay !== undefined) {
      this.reconnects += 1;
      this.reconnectTimer = setTimeout(() => void this.connect(), delay);
      return;
    }
    this.finish();
    this.options.events.onLost(reason);
  }

  private sendChunk(seq: number): void {
    const chunk = this.chunks[seq];
    if (chunk !== undefined && this.open) this.socket?.send(audioFrame(this.streamId, seq, chunk));
  }

  private sendEnd(): void {
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
    if (socket === undefined) return;
    if (open) socket.close(CLOSE_DONE);
    else socket.onmessage = () => socket.close(CLOSE_DONE);
  }

  private finish(): void {
    this.phase = "over";
    clearTimeout(this.reconnectTimer);
    this.detach();
  }
}
