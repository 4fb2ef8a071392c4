// The language models' side of a server, as an administrator sees and changes it.
import { signal, type ReadonlySignal } from "@preact/signals";
import type { AdminClient } from "../api/admin_client";
import { ApiError, type LlmKeyChange, type LlmKeyTest, type LlmProvider, type LlmUsageStats, type NewLlmKey } from "@speechcoach/client";

const DAYS_SHOWN = 30;
const DAY_MS = 86_400_000;

export interface Overview {
  providers: readonly LlmProvider[];
  byProvider: LlmUsageStats;
  byDay: LlmUsageStats;
}

export class Administration {
  readonly overview: ReadonlySignal<Overview | null>;
  // What the server said to the last change it refused, in the learner's language; empty otherwise.
  readonly refusal: ReadonlySignal<string | null>;
  // The last test of each key.
  readonly tests: ReadonlySignal<ReadonlyMap<number, LlmKeyTest>>;

  private readonly overview_ = signal<Overview | null>(null);
  private readonly refusal_ = signal<string | null>(null);
  private readonly tests_ = signal<ReadonlyMap<number, LlmKeyTest>>(new Map());

  constructor(private readonly client: AdminClient) {
    this.overview = this.overview_;
    this.refusal = this.refusal_;
    this.tests = this.tests_;
  }

  async load(): Promise<void> {
    const from_ms = Date.now() - DAYS_SHOWN * DAY_MS;
    await this.attempt(async () => {
      const [providers, byProvider, byDay] = await Promise.all([this.client.providers(), this.client.usage("provider", from_ms), this.client.usage("day", from_ms)]);
      this.overview_.value = { providers, byProvider, byDay };
    });
  }

  // True where it was added.
  addKey(provider: string, key: NewLlmKey): Promise<boolean> {
    return this.change(() => this.client.addKey(provider, key));
  }

  changeKey(id: number, change: LlmKeyChange): Promise<boolean> {
    return this.change(() => this.client.changeKey(id, change));
  }

  setActive(provider: string, is_active: boolean): Promise<boolean> {
    return this.change(() => this.client.changeProvider(provider, { is_active }));
  }

  testKey(id: number): Promise<boolean> {
    return this.change(async () => {
      const result = await this.client.testKey(id);
      this.tests_.value = new Map([...this.tests_.value, [id, result]]);
    });
  }

  private async change(send: () => Promise<unknown>): Promise<boolean> {
    if (!(await this.attempt(send))) return false;
    await this.load();
    return true;
  }

  private async attempt(send: () => Promise<unknown>): Promise<boolean> {
    try {
      await send();
      this.refusal_.value = null;
      return true;
    } catch (error) {
      this.refusal_.value = error instanceof ApiError ? error.message : "";
      return false;
    }
  }
}
