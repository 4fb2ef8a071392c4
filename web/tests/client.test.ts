import { beforeEach, describe, expect, test, vi } from "vitest";
import { Auth } from "../src/api/auth";
import { Client, UnreachableError } from "@speechcoach/client";

const LATER = new Date(Date.now() + 3_600_000).toISOString();

function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers });
}

describe("the client of the REST API", () => {
  const fetched = vi.fn<typeof fetch>();
  let client: Client;
  let signIns: number;

  beforeEach(() => {
    localStorage.clear();
    signIns = 0;
    fetched.mockReset();
    vi.stubGlobal("fetch", (path: string, init?: RequestInit) => {
      if (path === "/api/v1/auth/guest") return Promise.resolve(json(201, { token: `t${++signIns}`, expires_at: LATER, user: {} }));
      return fetched(path, init);
    });
    client = new Client(new Auth(), () => "vi");
  });

  test("signs in once, however many ask at once, and keeps the token", async () => {
    fetched.mockImplementation(() => Promise.resolve(json(200, { sentences: [] })));
    await Promise.all([client.sentences(), client.sentences()]);
    await new Client(new Auth(), () => "vi").sentences();
    expect(signIns).toBe(1);
    expect(fetched.mock.calls[0]?.[1]?.headers).toEqual({ Authorization: "Bearer t1", "Accept-Language": "vi" });
  });

  test("signs in again when the token is not taken any more", async () => {
    fetched.mockResolvedValueOnce(json(401, { code: "unauthenticated" })).mockResolvedValueOnce(json(200, { sentences: [] }));
    expect(await client.sentences()).toEqual([]);
    expect(signIns).toBe(2);
    expect(fetched.mock.calls[1]?.[1]?.headers).toMatchObject({ Authorization: "Bearer t2" });
  });

  test("a token that ran out is not used", async () => {
    localStorage.setItem("speechcoach.sign_in", JSON.stringify({ token: "old", expires_at: "2020-01-01T00:00:00Z" }));
    expect(await new Auth().token()).toBe("t1");
    localStorage.setItem("speechcoach.sign_in", "{broken");
    expect(await new Auth().token()).toBe("t2");
  });

  test("a problem document becomes an error with its code, text and waiting time", async () => {
    fetched.mockResolvedValueOnce(json(429, { code: "session_quota", detail: "Đủ rồi.", retryable: true }, { "Retry-After": "90" }));
    await expect(client.sentences()).rejects.toMatchObject({ code: "session_quota", message: "Đủ rồi.", retryable: true, retryAfterS: 90 });
    fetched.mockResolvedValueOnce(new Response("<html>Bad gateway</html>", { status: 502 }));
    await expect(client.sentences()).rejects.toMatchObject({ code: "internal", retryable: true });
  });

  test("a table goes as it is, and each wrong line comes back", async () => {
    const errors = [{ line: 2, field: "email", message: "Dòng 2: sai." }];
    fetched.mockResolvedValueOnce(json(400, { code: "bad_field", detail: "", retryable: false, errors })).mockResolvedValueOnce(new Response(null, { status: 204 }));
    await expect(client.write("POST", "/api/v1/classes/1/roster", "email\nx\n")).rejects.toMatchObject({ lines: ["Dòng 2: sai."] });
    expect(fetched.mock.calls[0]?.[1]).toMatchObject({ body: "email\nx\n", headers: { "Content-Type": "text/csv" } });
    expect(await client.write("DELETE", "/api/v1/classes/1")).toBeUndefined();
  });

  test("no answer is told apart from a refusal", async () => {
    fetched.mockRejectedValueOnce(new TypeError("Failed to fetch"));
    await expect(client.sentences()).rejects.toBeInstanceOf(UnreachableError);
  });

  test("a recording is sent with what it is for, and its analysis awaited", async () => {
    vi.useFakeTimers();
    fetched
      .mockResolvedValueOnce(json(202, { id: "s", status: "processing" }))
      .mockResolvedValueOnce(json(200, { id: "s", status: "processing" }))
      .mockResolvedValueOnce(json(200, { id: "s", status: "completed" }));
    const sentence = { id: 5, text: "", text_vi: "", level: "A1" as const, topic: "", focus_sounds: [] };
    const waiting = client.analyse({ mode: "sentence_practice", sentence }, new Blob(["RIFF"]), "a.wav", undefined, "k");
    await vi.advanceTimersByTimeAsync(3000);
    expect((await waiting).status).toBe("completed");
    const form = fetched.mock.calls[0]?.[1]?.body as FormData;
    expect([form.get("mode"), form.get("sentence_id"), form.get("locale")]).toEqual(["sentence_practice", "5", "vi"]);
    expect(form.get("audio")).toBeInstanceOf(Blob);
    expect(fetched.mock.calls[0]?.[1]?.headers).toMatchObject({ "Idempotency-Key": "k-vi" });
    expect(fetched.mock.calls[2]?.[0]).toBe("/api/v1/speech-practice/sessions/s");
    vi.useRealTimers();
  });
});
