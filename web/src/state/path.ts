// Which sentences are today's five: the head of the learner's path (reviews that are due, weak sounds, new ones), fixed for the day,
// so that what was read can be ticked off. Without the server's word they are chosen on the device (today.ts).
import { signal } from "@preact/signals";
import type { Level, Sentence } from "@speechcoach/client";
import { auth, client } from "./app";
import { level } from "./level";
import { localDay, TODAY_COUNT, todaysSentences } from "./today";

const STORAGE_KEY = "speechcoach.todays_five";

interface Kept {
  day: string;
  user: number;
  level: Level | null;
  sentences: readonly number[];
}

type Chosen = { name: "waiting" } | { name: "chosen"; sentences: readonly number[] } | { name: "unknown" };

function kept(): Kept | null {
  try {
    const found = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "null") as Kept | null;
    const holds = found !== null && found.day === localDay() && found.user === auth.user.value?.id && found.level === level.value;
    return holds && Array.isArray(found.sentences) ? found : null;
  } catch {
    return null;
  }
}

const chosen = signal<Chosen>({ name: "waiting" });

let asking: Promise<void> | undefined;

// Asks once a day and level, however often it is called.
export function chooseTodaysFive(): Promise<void> {
  asking ??= choose().finally(() => (asking = undefined));
  return asking;
}

async function choose(): Promise<void> {
  const before = kept();
  if (before !== null) {
    chosen.value = { name: "chosen", sentences: before.sentences };
    return;
  }
  try {
    const { items } = await client.learningPath(TODAY_COUNT);
    const sentences = items.map(({ sentence }) => sentence.id);
    chosen.value = { name: "chosen", sentences };
    const user = auth.user.value?.id;
    if (user !== undefined) localStorage.setItem(STORAGE_KEY, JSON.stringify({ day: localDay(), user, level: level.value, sentences } satisfies Kept));
  } catch {
    chosen.value = { name: "unknown" };
  }
}

// null until it is known. Fewer than five where the server has no more.
export function todaysFive(all: readonly Sentence[]): readonly Sentence[] | null {
  const state = chosen.value;
  if (state.name === "waiting") return null;
  if (state.name === "unknown") return todaysSentences(all, level.value);
  const found = state.sentences.map((id) => all.find((sentence) => sentence.id === id)).filter((sentence) => sentence !== undefined);
  return found.length < TODAY_COUNT ? todaysSentences(all, level.value) : found;
}
