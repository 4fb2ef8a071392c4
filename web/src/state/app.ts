// What the whole page shares: the sign-in, the REST client, the server's sentences.
import { signal } from "@preact/signals";
import { Auth } from "../api/auth";
import { ApiError, Client, type Level, type Sentence, type Task } from "@speechcoach/client";
import { startCapture, type CaptureEvents } from "../audio/microphone";
import { locale } from "../i18n";
import { level } from "./level";
import { Practice } from "./practice";
import { ModelVoice } from "./model_voice";
import { microphoneId, stopsAtSilence } from "./preferences";

export const auth = new Auth();
export const client = new Client(auth, () => locale.value);

export const modelVoice = new ModelVoice(client);

export type Sentences =
  | { name: "loading" }
  | { name: "loaded"; all: readonly Sentence[] }
  | { name: "unreachable" }
  | { name: "refused"; message: string };

export const sentences = signal<Sentences>({ name: "loading" });

// Signs in on the way.
export async function loadSentences(): Promise<void> {
  sentences.value = { name: "loading" };
  try {
    sentences.value = { name: "loaded", all: await client.sentences() };
  } catch (error) {
    sentences.value = error instanceof ApiError && error.code === "forbidden" ? { name: "refused", message: error.message } : { name: "unreachable" };
  }
}

// Somebody speaks, or waits for the analysis: the navigation steps back.
export const isPractising = signal(false);

// What a practice is given by the page.
export function practiceParts() {
  return {
    client,
    locale: () => locale.value,
    token: () => auth.token(),
    forgetToken: () => auth.forget(),
    stopsAtSilence: () => stopsAtSilence.value,
    startCapture: (events: CaptureEvents) => startCapture(events, microphoneId.value),
  };
}

export function startPractice(task: Task): Practice {
  return new Practice(task, practiceParts());
}

// The choice of sentences outlives a practice: who comes back sees the same list.
export const chosenLevel = signal<Level | null>(level.value);
export const chosenTopic = signal<string | null>(null);
// A sound or habit of Sentence.focus_sounds.
export const chosenSound = signal<string | null>(null);
