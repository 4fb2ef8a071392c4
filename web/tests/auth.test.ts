import { beforeEach, describe, expect, test, vi } from "vitest";
import { Auth } from "../src/api/auth";
import { ApiError, UnreachableError } from "@speechcoach/client";

const HOUR_MS = 3_600_000;
const later = (ms: number) => new Date(Date.now() + ms).toISOString();
const GUEST = { id: 1, name: "", role: "learner" };
const LAN = { id: 1, name: "Lan", role: "learner" };

function account(token: string, lasts_ms = HOUR_MS) {
  return { token, expires_at: later(lasts_ms), user: LAN, refresh_token: `refresh of ${token}`, refresh_expires_at: later(30 * 24 * HOUR_MS) };
}

describe("signing in", () => {
  // Answers in order; each call is kept as [action, body, token].
  let answers: (object | number | "away")[];
  let calls: [string, unknown, string | undefined][];

  beforeEach(() => {
    localStorage.clear();
    answers = [];
    calls = [];
    vi.stubGlobal("fetch", (path: string, init: RequestInit) => {
      const headers = init.headers as Record<string, string>;
      calls.push([path.replace("/api/v1/auth/", ""), init.body == null ? null : JSON.parse(init.body as string), headers["Authorization"]]);
      const answer = answers.shift();
      if (answer === "away" || answer === undefined) return Promise.reject(new TypeError("network"));
      if (typeof answer === "number") return Promise.resolve(answer === 204 ? new Response(null, { status: 204 }) : new Response(JSON.stringify({ code: "wrong_credentials", detail: "Sai rồi." }), { status: answer }));
      return Promise.resolve(new Response(JSON.stringify(answer), { status: 200 }));
    });
  });

  test("a guest becomes an account by the guest's own token: nothing that was practised is lost", async () => {
    answers = [{ token: "guest", expires_at: later(HOUR_MS), user: GUEST }, account("mine")];
    const auth = new Auth();
    expect(await auth.token()).toBe("guest");
    expect(auth.hasAccount.value).toBe(false);
    await auth.register({ name: "Lan", email: "lan@example.com", password: "một mật khẩu" });
    expect(calls[1]).toEqual(["register", { name: "Lan", email: "lan@example.com", password: "một mật khẩu" }, "Bearer guest"]);
    expect(await auth.token()).toBe("mine");
    expect(auth.user.value?.name).toBe("Lan");
    expect(new Auth().hasAccount.value).toBe(true);
  });

  test("a token that runs out is renewed once, however many ask", async () => {
    answers = [account("first", 10_000), account("second")];
    const auth = new Auth();
    await auth.logIn("lan@example.com", "x");
    expect(await Promise.all([auth.token(), auth.token()])).toEqual(["second", "second"]);
    expect(calls.slice(1)).toEqual([["refresh", { refresh_token: "refresh of first" }, undefined]]);
  });

  test("a token that the server refuses is renewed, not thrown away with the account", async () => {
    answers = [account("first"), account("second")];
    const auth = new Auth();
    await auth.logIn("lan@example.com", "x");
    auth.forget();
    expect(auth.hasAccount.value).toBe(true);
    expect(await auth.token()).toBe("second");
  });

  test("without a network the account stays; without its consent the learner is a guest again", async () => {
    answers = [account("first", 0), "away", 401, { token: "guest", expires_at: later(HOUR_MS), user: GUEST }];
    const auth = new Auth();
    await auth.logIn("lan@example.com", "x");
    await expect(auth.token()).rejects.toBeInstanceOf(UnreachableError);
    expect(auth.hasAccount.value).toBe(true);
    expect(await auth.token()).toBe("guest");
    expect(auth.hasAccount.value).toBe(false);
  });

  test("whom another tab signs in is who is signed in here from the next call on", async () => {
    answers = [account("Lan's"), { ...account("Minh's"), user: { id: 2, name: "Minh", role: "learner" } }];
    const here = new Auth();
    await here.logIn("lan@example.com", "x");
    await new Auth().logIn("minh@example.com", "x");
    expect(await here.token()).toBe("Minh's");
    expect(here.user.value?.name).toBe("Minh");
  });

  test("a wrong password changes nothing", async () => {
    answers = [{ token: "guest", expires_at: later(HOUR_MS), user: GUEST }, 401];
    const auth = new Auth();
    await auth.token();
    await expect(auth.logIn("lan@example.com", "x")).rejects.toEqual(new ApiError("wrong_credentials", "Sai rồi.", false));
    expect(await auth.token()).toBe("guest");
  });

  test("signing out tells the server, and holds without it too", async () => {
    answers = [account("first"), "away"];
    const auth = new Auth();
    await auth.logIn("lan@example.com", "x");
    await auth.logOut();
    expect(calls[1]).toEqual(["logout", { refresh_token: "refresh of first" }, undefined]);
    expect(auth.user.value).toBeNull();
    expect(localStorage.length).toBe(0);
  });
});
