// The level that sentences are chosen by, kept on this device.
import { signal } from "@preact/signals";
import type { Level } from "@speechcoach/client";

export const LEVELS: readonly Level[] = ["A1", "A2", "B1", "B2", "C1"];

const STORAGE_KEY = "speechcoach.level";

export const level = signal<Level | null>(LEVELS.find((name) => name === localStorage.getItem(STORAGE_KEY)) ?? null);

export function setLevel(next: Level): void {
  level.value = next;
  localStorage.setItem(STORAGE_KEY, next);
}
