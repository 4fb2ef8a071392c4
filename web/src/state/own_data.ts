// All that is kept about oneself, fetched page by page and put together into one file.
import { signal, type ReadonlySignal } from "@preact/signals";
import type { Client, Export } from "@speechcoach/client";

const EXPORT = "/api/v1/auth/me/export";

export class OwnData {
  // Practices that have come so far.
  readonly count: ReadonlySignal<number>;

  private readonly count_ = signal(0);
  // The file as far as it has come. Blobs, which a browser need not hold in memory: years of practice are many megabytes.
  private parts: Blob[] = [];
  private cursor: string | null = null;
  private ownerId: number | undefined;

  // `userId`: who is signed in now.
  constructor(
    private readonly client: Pick<Client, "read">,
    private readonly userId: () => number | undefined,
  ) {
    this.count = this.count_;
  }

  // One JSON document: Export without next_cursor, with the sessions of all pages. After a failure it goes on with the page that did not come.
  // null: somebody else has signed in meanwhile, whose practices belong into no file of another's. Throws ApiError, UnreachableError.
  async fetch(): Promise<Blob | null> {
    if (this.cursor === null) this.count_.value = 0;
    do {
      const page = await this.client.read<Export>(this.cursor === null ? EXPORT : `${EXPORT}?cursor=${encodeURIComponent(this.cursor)}`);
      this.ownerId ??= page.person?.user.id;
      if (this.ownerId !== this.userId()) {
        this.forget();
        return null;
      }
      this.add(page);
    } while (this.cursor !== null);
    const file = new Blob([...this.parts, "]}"], { type: "application/json" });
    this.forget();
    return file;
  }

  private add({ sessions, next_cursor, ...head }: Export): void {
    if (this.parts.length === 0) this.parts.push(new Blob([JSON.stringify(head).slice(0, -1), ',"sessions":[']));
    const texts = sessions.map((session, index) => (this.count_.value + index > 0 ? "," : "") + JSON.stringify(session));
    this.parts.push(new Blob(texts));
    this.count_.value += sessions.length;
    this.cursor = next_cursor;
  }

  private forget(): void {
    this.parts = [];
    this.cursor = null;
    this.ownerId = undefined;
  }
}
