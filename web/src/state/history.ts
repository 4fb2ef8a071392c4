// Sessions of one's own or of a learner, newest first, page by page.
import { signal, type ReadonlySignal } from "@preact/signals";
import type { Client, SessionSummary } from "@speechcoach/client";

export type HistoryState = "loading" | "loaded" | "failed";

export class History {
  readonly sessions: ReadonlySignal<readonly SessionSummary[]>;
  readonly state: ReadonlySignal<HistoryState>;
  readonly hasMore: ReadonlySignal<boolean>;

  private readonly sessions_ = signal<readonly SessionSummary[]>([]);
  private readonly state_ = signal<HistoryState>("loading");
  private readonly hasMore_ = signal(false);
  private cursor: string | null = null;

  constructor(private readonly client: Pick<Client, "sessions">) {
    this.sessions = this.sessions_;
    this.state = this.state_;
    this.hasMore = this.hasMore_;
  }

  // The next page; after a failure the same one again.
  async load(): Promise<void> {
    this.state_.value = "loading";
    try {
      const page = await this.client.sessions(this.cursor);
      this.cursor = page.next_cursor;
      // What was begun and never spoken into is no practice.
      this.sessions_.value = [...this.sessions_.value, ...page.sessions.filter((session) => session.audio !== null)];
      this.hasMore_.value = page.next_cursor !== null;
      this.state_.value = "loaded";
    } catch {
      this.state_.value = "failed";
    }
  }
}
