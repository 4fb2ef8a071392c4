import { errorOf, UnreachableError } from "./errors";
import type { SignIn } from "./types";

const STORAGE_KEY = "speechcoach.sign_in";

type Kept = Pick<SignIn, "token" | "expires_at">;

function isKept(value: unknown): value is Kept {
  return typeof value === "object" && value !== null && typeof (value as Kept).token === "string" && typeof (value as Kept).expires_at === "string";
}

// The learner's token: kept between visits, made anew as a guest where there is none or it ran out.
export class Auth {
  private pending: Promise<string> | undefined;

  constructor(private readonly storage: Storage = localStorage) {}

  // Throws ApiError, UnreachableError.
  token(): Promise<string> {
    const kept = this.read();
    if (kept !== undefined) return Promise.resolve(kept);
    this.pending ??= this.signIn().finally(() => (this.pending = undefined));
    return this.pending;
  }

  // The server does not take the token any more: the next call signs in again.
  forget(): void {
    this.storage.removeItem(STORAGE_KEY);
  }

  private read(): string | undefined {
    try {
      const kept: unknown = JSON.parse(this.storage.getItem(STORAGE_KEY) ?? "null");
      return isKept(kept) && Date.parse(kept.expires_at) > Date.now() ? kept.token : undefined;
    } catch {
      return undefined;
    }
  }

  private async signIn(): Promise<string> {
    const response = await fetch("/api/v1/auth/guest", { method: "POST" }).catch(() => {
      throw new UnreachableError();
    });
    if (!response.ok) throw await errorOf(response);
    const { token, expires_at } = (await response.json()) as SignIn;
    this.storage.setItem(STORAGE_KEY, JSON.stringify({ token, expires_at } satisfies Kept));
    return token;
  }
}
