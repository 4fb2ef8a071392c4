// Five sentences for today: the same all day, others tomorrow, of the learner's level.
import { signal } from "@preact/signals";
import type { Level, Sentence } from "@speechcoach/client";

export const TODAY_COUNT = 5;
const DAY_MS = 86_400_000;

const STORAGE_KEY = "speechcoach.today";
// Where nobody said a level.
const FIRST_LEVEL: Level = "A1";

interface Done {
  day: string;
  sentences: readonly number[];
}

// YYYY-MM-DD on this device's calendar.
export function localDay(now = new Date()): string {
  return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`;
}

// The whole last day counts, where the teacher is.
export function endOfDay(day: string): string {
  return new Date(`${day}T23:59:59`).toISOString();
}

function keptDone(): Done {
  const empty = { day: localDay(), sentences: [] };
  try {
    const kept = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "null") as Partial<Done> | null;
    return kept?.day === empty.day && Array.isArray(kept.sentences) ? (kept as Done) : empty;
  } catch {
    return empty;
  }
}

const done = signal<Done>(keptDone());

// Sentences that were practised today, on this device.
export function doneToday(): readonly number[] {
  return done.value.day === localDay() ? done.value.sentences : [];
}

export function markDone(sentenceId: number): void {
  done.value = { day: localDay(), sentences: [...new Set([...doneToday(), sentenceId])] };
  localStorage.setItem(STORAGE_KEY, JSON.stringify(done.value));
}

// FNV-1a: spreads days and sentences evenly; the same on every device.
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ character.codePointAt(0)!, 0x01000193) >>> 0;
  return value;
}

// Of that level, in an order that looks like chance, five further each day; filled up from the others where a level has too few.
export function todaysSentences(all: readonly Sentence[], level: Level | null, day = localDay()): Sentence[] {
  const wanted = level ?? FIRST_LEVEL;
  const shuffled = [...all].sort((a, b) => hash(`${a.id}.`) - hash(`${b.id}.`));
  const own = shuffled.filter((sentence) => sentence.level === wanted);
  const first = own.length === 0 ? 0 : ((Date.parse(day) / DAY_MS) * TODAY_COUNT) % own.length;
  const turned = [...own.slice(first), ...own.slice(0, first), ...shuffled.filter((sentence) => sentence.level !== wanted)];
  return turned.slice(0, TODAY_COUNT);
}
