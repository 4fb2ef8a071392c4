// What the whole page shares: the sign-in, the server's sentences, and the address.
import { effect, signal } from "@preact/signals";
import { Auth } from "../api/auth";
import { Client, type Task } from "../api/client";
import { ApiError } from "../api/errors";
import type { Sentence } from "../api/types";
import { locale } from "../i18n";
import { Practice } from "./practice";

const auth = new Auth();
const client = new Client(auth, () => locale.value);

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

export type Route = { name: "home" } | { name: "conversation" } | { name: "sentence"; id: number };

function routeOf(hash: string): Route {
  if (hash === "#/conversation") return { name: "conversation" };
  const sentence = /^#\/sentence\/(\d+)$/.exec(hash);
  return sentence === null ? { name: "home" } : { name: "sentence", id: Number(sentence[1]) };
}

export const route = signal<Route>(routeOf(location.hash));
window.addEventListener("hashchange", () => {
  route.value = routeOf(location.hash);
  window.scrollTo(0, 0);
});

export function startPractice(task: Task): Practice {
  return new Practice(task, {
    client,
    locale: () => locale.value,
    token: () => auth.token(),
    forgetToken: () => auth.forget(),
  });
}

// The choice of sentences outlives a practice: who comes back sees the same list.
export const chosenLevel = signal<Sentence["level"] | null>(null);
export const chosenTopic = signal<string | null>(null);

export function start(): void {
  void loadSentences();
  effect(() => {
    if (sentences.value.name === "loaded" && route.value.name === "sentence") {
      const { id } = route.value;
      if (!sentences.value.all.some((sentence) => sentence.id === id)) location.hash = "#/";
    }
  });
}
