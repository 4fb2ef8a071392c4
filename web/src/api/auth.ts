import { signal, type ReadonlySignal } from "@preact/signals";
import { errorOf, UnreachableError, type AccountSignIn, type SignIn, type User } from "@speechcoach/client";

const STORAGE_KEY = "speechcoach.sign_in";
// A token that is about to run out is not begun with.
const MARGIN_MS = 30_000;

interface Kept {
  token: string;
  expires_at: string;
  user: User;
  // Those of an account; a guest has none.
  refresh?: { token: string; expires_at: string };
}

export interface Registration {
  name: string;
  email: string;
  password: string;
}

function isKept(value: unknown): value is Kept {
  const kept = value as Partial<Kept> | null;
  return typeof kept === "object" && kept !== null && typeof kept.token === "string" && typeof kept.expires_at === "string" && typeof kept.user === "object";
}

function isValid(expires_at: string): boolean {
  return Date.parse(expires_at) - MARGIN_MS > Date.now();
}

function keptOf(answer: SignIn | AccountSignIn): Kept {
  const { token, expires_at, user } = answer;
  if (!("refresh_token" in answer)) return { token, expires_at, user };
  return { token, expires_at, user, refresh: { token: answer.refresh_token, expires_at: answer.refresh_expires_at } };
}

// Who practises here: a guest from the first visit on, or somebody with an account. Kept between visits.
export class Auth {
  // null until somebody is signed in.
  readonly user: ReadonlySignal<User | null>;
  // False for a guest, whose practice is this device's alone.
  readonly hasAccount: ReadonlySignal<boolean>;

  private readonly user_ = signal<User | null>(null);
  private readonly hasAccount_ = signal(false);
  private pending: Promise<string> | undefined;

  constructor(private readonly storage: Storage = localStorage) {
    this.user = this.user_;
    this.hasAccount = this.hasAccount_;
    this.show(this.read());
  }

  // Signs in as a guest where nobody is signed in. Throws ApiError, UnreachableError.
  token(): Promise<string> {
    const kept = this.read();
    // Another tab may have signed somebody else in.
    if (kept?.user.id !== this.user_.value?.id) this.show(kept);
    if (kept !== undefined && isValid(kept.expires_at)) return Promise.resolve(kept.token);
    this.pending ??= this.renew(kept).finally(() => (this.pending = undefined));
    return this.pending;
  }

  // The server does not take the token any more: the next call renews it, or signs in again.
  forget(): void {
    const kept = this.read();
    if (kept?.refresh === undefined) this.keep(undefined);
    else this.keep({ ...kept, expires_at: new Date(0).toISOString() });
  }

  // Makes an account. A guest's practice becomes the account's. Throws ApiError, UnreachableError.
  async register(registration: Registration): Promise<void> {
    const token = await this.token();
    this.keep(keptOf(await this.post("register", registration, token)));
  }

  // Throws ApiError, UnreachableError.
  async logIn(email: string, password: string): Promise<void> {
    this.keep(keptOf(await this.post("login", { email, password })));
  }

  // Signed out here in any case; on the server where it can be reached.
  async logOut(): Promise<void> {
    const refresh = this.read()?.refresh;
    this.keep(undefined);
    if (refresh !== undefined) await this.post("logout", { refresh_token: refresh.token }).catch(() => undefined);
  }

  private async renew(kept: Kept | undefined): Promise<string> {
    const refresh = kept?.refresh;
    if (refresh !== undefined && isValid(refresh.expires_at)) {
      try {
        return this.keep(keptOf(await this.post("refresh", { refresh_token: refresh.token })));
      } catch (error) {
        if (error instanceof UnreachableError) throw error;
      }
    }
    return this.keep(keptOf(await this.post("guest", undefined)));
  }

  private read(): Kept | undefined {
    try {
      const kept: unknown = JSON.parse(this.storage.getItem(STORAGE_KEY) ?? "null");
      return isKept(kept) ? kept : undefined;
    } catch {
      return undefined;
    }
  }

  private keep(kept: Kept): string;
  private keep(kept: undefined): void;
  private keep(kept: Kept | undefined): string | void {
    if (kept === undefined) this.storage.removeItem(STORAGE_KEY);
    else this.storage.setItem(STORAGE_KEY, JSON.stringify(kept));
    this.show(kept);
    return kept?.token;
  }

  private show(kept: Kept | undefined): void {
    this.user_.value = kept?.user ?? null;
    this.hasAccount_.value = kept?.refresh !== undefined;
  }

  private async post(action: "guest" | "register" | "login" | "refresh" | "logout", body: object | undefined, token?: string): Promise<SignIn> {
    const headers = { ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }) };
    const response = await fetch(`/api/v1/auth/${action}`, { method: "POST", headers, body: body === undefined ? null : JSON.stringify(body) }).catch(() => {
      throw new UnreachableError();
    });
    if (!response.ok) throw await errorOf(response);
    return (response.status === 204 ? {} : await response.json()) as SignIn;
  }
}
