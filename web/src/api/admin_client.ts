import type { Client, LlmKey, LlmKeyChange, LlmKeyTest, LlmProvider, LlmUsageStats, NewLlmKey, OpenDispute, ProductReport, UsageGrouping } from "@speechcoach/client";

const DISPUTES = "/api/v1/admin/disputes";
const ROOT = "/api/v1/admin/llm";

// What an administrator sees and changes. Every call throws ApiError or UnreachableError.
export class AdminClient {
  constructor(private readonly client: Pick<Client, "read" | "write" | "file">) {}

  async providers(): Promise<LlmProvider[]> {
    return (await this.client.read<{ providers: LlmProvider[] }>(`${ROOT}/providers`)).providers;
  }

  changeProvider(name: string, change: { is_active: boolean }): Promise<unknown> {
    return this.client.write("PATCH", `${ROOT}/providers/${encodeURIComponent(name)}`, change);
  }

  addKey(provider: string, key: NewLlmKey): Promise<LlmKey> {
    return this.client.write("POST", `${ROOT}/providers/${encodeURIComponent(provider)}/keys`, key);
  }

  changeKey(id: number, change: LlmKeyChange): Promise<LlmKey> {
    return this.client.write("PATCH", `${ROOT}/keys/${id}`, change);
  }

  testKey(id: number): Promise<LlmKeyTest> {
    return this.client.write("POST", `${ROOT}/keys/${id}/test`);
  }

  // The oldest twenty that nobody has reviewed.
  async disputes(): Promise<OpenDispute[]> {
    return (await this.client.read<{ disputes: OpenDispute[] }>(DISPUTES)).disputes;
  }

  disputed(id: number): Promise<Blob> {
    return this.client.file(`${DISPUTES}/${id}/audio`);
  }

  review(id: number): Promise<void> {
    return this.client.write("POST", `${DISPUTES}/${id}/review`);
  }

  report(): Promise<ProductReport> {
    return this.client.read("/api/v1/admin/report");
  }

  // From `from_ms` (since 1970, UTC) until now.
  usage(groupBy: UsageGrouping, from_ms: number): Promise<LlmUsageStats> {
    return this.client.read(`${ROOT}/usage/stats?group_by=${groupBy}&from_ms=${from_ms}`);
  }
}
