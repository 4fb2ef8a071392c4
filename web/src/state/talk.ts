// A conversation with the coach: one session, and a practice that records its turns one after the other.
import { effect, signal, type ReadonlySignal } from "@preact/signals";
import { LiveSession, UnreachableError, type Client, type Coach, type Level, type LiveOptions, type Session, type Topic } from "@speechcoach/client";
import { Practice, type PracticeParts } from "./practice";

// What the coach said, and what was heard of the learner's answer.
export interface Exchange {
  turn: number;
  coach: Coach;
  heard: string | null;
  overall: number | null;
}

export interface TalkParts extends Omit<PracticeParts, "client" | "openLive"> {
  client: Pick<Client, "sendAudio" | "session" | "retry">;
  openLive?: (options: LiveOptions) => LiveSession;
}

export class Talk {
  readonly exchanges: ReadonlySignal<readonly Exchange[]>;
  // null until the first answer is under way.
  readonly sessionId: ReadonlySignal<string | null>;
  readonly practice: Practice;

  private readonly exchanges_ = signal<readonly Exchange[]>([]);
  private readonly sessionId_ = signal<string | null>(null);
  private lastEvent = 0;
  // The answer under way has come to no end that the server told.
  private isOpen = false;
  private readonly stopWatching: () => void;

  constructor(
    readonly topic: Topic,
    private readonly level: Level,
    private readonly parts: TalkParts,
  ) {
    this.exchanges = this.exchanges_;
    this.sessionId = this.sessionId_;
    this.exchanges_.value = [{ turn: 1, coach: topic.opening, heard: null, overall: null }];
    this.practice = new Practice(
      { mode: "conversation", sentence: null },
      { ...parts, client: { ...this.rest() }, openLive: (options) => this.open(options) },
    );
    this.stopWatching = effect(() => {
      if (this.practice.phase.value.name === "done") void this.reload();
    });
  }

  get isOver(): boolean {
    return this.exchanges_.value.at(-1)?.coach.is_last ?? false;
  }

  dispose(): void {
    this.stopWatching();
    this.practice.dispose();
  }

  private rest(): PracticeParts["client"] {
    const { client } = this.parts;
    return {
      analyse: (_task, audio, _name, signal, key) => {
        const id = this.sessionId_.value;
        return id === null ? Promise.reject(new UnreachableError()) : client.sendAudio(id, audio, signal, key);
      },
      retry: (id, signal) => client.retry(id, signal),
      session: (id) => client.session(id),
    };
  }

  private open(options: LiveOptions): LiveSession {
    // Without any answer there is nothing to go on with.
    const isLeft = this.isOpen;
    if (isLeft && this.exchanges_.value.every(({ heard }) => heard === null)) {
      this.sessionId_.value = null;
      this.lastEvent = 0;
    }
    this.isOpen = true;
    const sessionId = this.sessionId_.value;
    const { events } = options;
    const own: LiveOptions = {
      ...options,
      start: { ...options.start, topic: this.topic.id, level: this.level },
      ...(sessionId === null ? {} : { turn: { sessionId, lastEvent: this.lastEvent, isLeft } }),
      events: {
        ...events,
        onCoachTurn: ({ session_id, event, turn, say, help_vi, corrections, is_last }) => {
          this.sessionId_.value = session_id;
          this.lastEvent = Math.max(this.lastEvent, event);
          this.put({ turn, coach: { say, help_vi, corrections, is_last }, heard: null, overall: null });
        },
        onComplete: (complete) => {
          this.end(complete.event);
          events.onComplete(complete);
        },
        onEndedUnheard: (id) => {
          this.end(0);
          events.onEndedUnheard(id);
        },
        onError: (error, isFinal) => {
          if (isFinal) this.end(error.event ?? 0);
          events.onError(error, isFinal);
        },
      },
    };
    return this.parts.openLive?.(own) ?? new LiveSession(own);
  }

  private end(event: number): void {
    this.isOpen = false;
    this.lastEvent = Math.max(this.lastEvent, event);
  }

  private put(exchange: Exchange): void {
    const others = this.exchanges_.value.filter(({ turn }) => turn !== exchange.turn);
    this.exchanges_.value = [...others, exchange].sort((a, b) => a.turn - b.turn);
  }

  // The server's own account of all turns. What cannot be read is shown as far as it was heard.
  private async reload(): Promise<void> {
    const id = this.sessionId_.value;
    if (id === null) return;
    this.isOpen = false;
    let session: Session;
    try {
      session = await this.parts.client.session(id);
    } catch {
      return;
    }
    for (const { turn, coach, analysis } of session.turns ?? []) {
      this.put({ turn, coach, heard: analysis?.transcript ?? null, overall: analysis?.scores.overall ?? null });
    }
  }
}
