import { errorOf, UnreachableError } from "./errors.js";
import type { Achievement, Habits, LearningPath, Level, Locale, Mode, ModelSpeech, NewDispute, Pace, Progress, Sentence, Session, SessionPage, Topic, Trends, User } from "./types.js";

// How long one request waits for an analysis before the page asks again.
const WAIT_S = 20;

// What is to be said: freely, or one of the server's sentences.
export interface Task {
  mode: Mode;
  sentence: Sentence | null;
}

// For one write that may be sent several times: it is done once. Pages over plain HTTP have no crypto.randomUUID.
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Who asks: the bearer of every call.
export interface SignInSource {
  // A token that is valid now; signs in or renews where needed.
  token(): Promise<string>;
  // The server does not take the token any more: the next token() is another one.
  forget(): void;
}

// The REST API. Every call throws ApiError or UnreachableError. `server` is an origin, as https://coach.example; empty: the page's own.
export class Client {
  constructor(
    private readonly auth: SignInSource,
    private readonly locale: () => Locale,
    private readonly server: string = "",
  ) {}

  async sentences(): Promise<Sentence[]> {
    return (await this.read<{ sentences: Sentence[] }>("/api/v1/sentences")).sentences;
  }

  // With the words that open each at that level.
  async topics(level: Level): Promise<Topic[]> {
    return (await this.read<{ topics: Topic[] }>(`/api/v1/conversation/topics?level=${level}`)).topics;
  }

  me(): Promise<User> {
    return this.read("/api/v1/auth/me");
  }

  progress(): Promise<Progress> {
    return this.read("/api/v1/speech-practice/progress");
  }

  async achievements(): Promise<Achievement[]> {
    return (await this.read<{ achievements: Achievement[] }>("/api/v1/speech-practice/achievements")).achievements;
  }

  // Of the latest hundred sessions; tips in the learner's language.
  habits(): Promise<Habits> {
    return this.read("/api/v1/speech-practice/analytics/habits");
  }

  // The `limit` sentences to read next.
  learningPath(limit: number): Promise<LearningPath> {
    return this.read(`/api/v1/speech-practice/learning-path?limit=${limit}`);
  }

  // What the learner says their level is, on all their devices.
  async setLevel(level: Level): Promise<void> {
    await this.write("PATCH", "/api/v1/auth/me", { level });
  }

  // A model voice that reads `text`.
  modelSound(text: string, speed: Pace): Promise<Blob> {
    return this.file(`/api/v1/model-speech?${new URLSearchParams({ text, speed })}`);
  }

  // What is in that voice's reading, with the melody of the session's recording laid over it.
  modelSpeech(text: string, sessionId: string): Promise<ModelSpeech> {
    return this.read(`/api/v1/model-speech?${new URLSearchParams({ text, format: "json", session_id: sessionId })}`);
  }

  // `from`: the first day, YYYY-MM-DD in the learner's time zone.
  trends(period: Trends["period"], from: string): Promise<Trends> {
    return this.read(`/api/v1/speech-practice/analytics/trends?period=${period}&from=${from}`);
  }

  session(id: string): Promise<Session> {
    return this.read(`/api/v1/speech-practice/sessions/${id}`);
  }

  // Newest first; `cursor` is next_cursor of the page before.
  sessions(cursor: string | null): Promise<SessionPage> {
    return this.read(`/api/v1/speech-practice/sessions?limit=20${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`);
  }

  // The kept recording, in the format it was sent in.
  recording(id: string): Promise<Blob> {
    return this.file(`/api/v1/speech-practice/sessions/${id}/audio`);
  }

  async deleteSession(id: string): Promise<void> {
    await this.write("DELETE", `/api/v1/speech-practice/sessions/${id}`);
  }

  // Says that a score is wrong: somebody listens.
  async dispute(id: string, dispute: NewDispute): Promise<void> {
    await this.write("POST", `/api/v1/speech-practice/sessions/${id}/disputes`, dispute);
  }

  // What one thinks of the feedback, in stars from 1 to 5; null before one has said so.
  async stars(id: string): Promise<number | null> {
    return (await this.read<{ stars: number | null }>(`/api/v1/speech-practice/sessions/${id}/rating`)).stars;
  }

  async giveStars(id: string, stars: number): Promise<void> {
    await this.write("POST", `/api/v1/speech-practice/sessions/${id}/rating`, { stars });
  }

  // Sends a recording and waits for the end of its analysis. With the same key, one that arrived before is not analysed twice.
  async analyse(task: Task, audio: Blob, fileName: string, signal?: AbortSignal, key: string = newKey()): Promise<Session> {
    const form = new FormData();
    form.set("mode", task.mode);
    if (task.sentence !== null) form.set("sentence_id", String(task.sentence.id));
    form.set("locale", this.locale());
    form.set("audio", audio, fileName);
    const init = { method: "POST", body: form, headers: { "Idempotency-Key": `${key}-${this.locale()}` }, signal: signal ?? null };  // its language is part of a request
    const response = await this.request(`/api/v1/speech-practice/sessions?wait=${WAIT_S}`, init);
    return this.untilFinal((await response.json()) as Session, signal);
  }

  // Sends the recording of a session that has none yet, or of a conversation's turn that was lost.
  async sendAudio(id: string, audio: Blob, signal?: AbortSignal, key: string = newKey()): Promise<Session> {
    const url = `/api/v1/speech-practice/sessions/${id}/audio?wait=${WAIT_S}`;
    const response = await this.request(url, { method: "POST", body: audio, headers: { "Content-Type": "audio/wav", "Idempotency-Key": key }, signal: signal ?? null });
    return this.untilFinal((await response.json()) as Session, signal);
  }

  // Analyses the recording that the server keeps once more.
  async retry(id: string, signal?: AbortSignal): Promise<Session> {
    const url = `/api/v1/speech-practice/sessions/${id}/retry?wait=${WAIT_S}`;
    const response = await this.request(url, { method: "POST", signal: signal ?? null });
    return this.untilFinal((await response.json()) as Session, signal);
  }

  // The answer's type is the caller's word for what contract/openapi.yaml says about `path`.
  async read<Answer>(path: string): Promise<Answer> {
    return (await (await this.request(path)).json()) as Answer;
  }

  // `body`: an object goes as JSON, a text as a table of comma-separated values. An answer without a body is undefined.
  async write<Answer = undefined>(method: "POST" | "PUT" | "PATCH" | "DELETE", path: string, body?: object | string): Promise<Answer> {
    const sent =
      typeof body === "string"
        ? { body, headers: { "Content-Type": "text/csv" } }
        : body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
    const response = await this.request(path, { method, ...sent });
    return (response.status === 204 ? undefined : await response.json()) as Answer;
  }

  // What is not JSON: a recording, a table.
  async file(path: string): Promise<Blob> {
    return (await this.request(path)).blob();
  }

  private async untilFinal(session: Session, signal?: AbortSignal): Promise<Session> {
    let current = session;
    while (current.status === "processing") {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      signal?.throwIfAborted();
      current = await this.session(current.id);
    }
    return current;
  }

  private async request(path: string, init: RequestInit = {}): Promise<Response> {
    const first = await this.send(path, init);
    if (first.status !== 401) return this.checked(first);
    this.auth.forget();
    return this.checked(await this.send(path, init));
  }

  private async send(path: string, init: RequestInit): Promise<Response> {
    const token = await this.auth.token();
    try {
      return await fetch(this.server + path, { ...init, headers: { ...init.headers, Authorization: `Bearer ${token}`, "Accept-Language": this.locale() } });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new UnreachableError();
    }
  }

  private async checked(response: Response): Promise<Response> {
    if (!response.ok) throw await errorOf(response);
    return response;
  }
}
