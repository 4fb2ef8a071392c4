import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Sentence } from "@speechcoach/client";
import { doneToday, localDay, markDone, todaysSentences } from "../src/state/today";

const ALL = Array.from({ length: 40 }, (_, id) => ({ id: id + 1, level: id < 20 ? "A1" : "B1" })) as Sentence[];
const ids = (sentences: readonly Sentence[]) => sentences.map(({ id }) => id);

beforeEach(() => localStorage.clear());

describe("today's five", () => {
  test("are the same all day, of the level, each once", () => {
    const five = todaysSentences(ALL, "B1", "2026-11-23");
    expect(todaysSentences([...ALL].reverse(), "B1", "2026-11-23")).toEqual(five);
    expect(new Set(ids(five)).size).toBe(5);
    expect(five.every(({ level }) => level === "B1")).toBe(true);
  });

  test("change from day to day, until all have had their turn", () => {
    const seen = new Set<number>();
    for (let day = 1; day <= 28; ++day) for (const id of ids(todaysSentences(ALL, "A1", `2026-02-${String(day).padStart(2, "0")}`))) seen.add(id);
    expect(seen.size).toBe(20);
  });

  test("are filled up where a level has too few", () => {
    const few = ALL.slice(17, 23);
    expect(ids(todaysSentences(few, "A1", "2026-11-23")).slice(0, 3).sort()).toEqual([18, 19, 20]);
    expect(todaysSentences(few, "A1", "2026-11-23").length).toBe(5);
  });

  test("what is done stays done until midnight", () => {
    vi.useFakeTimers();
    vi.setSystemTime(new Date(2026, 10, 23, 23, 50));
    expect(localDay()).toBe("2026-11-23");
    markDone(7);
    markDone(7);
    expect(doneToday()).toEqual([7]);
    vi.setSystemTime(new Date(2026, 10, 24, 0, 5));
    expect(doneToday()).toEqual([]);
    markDone(8);
    expect(doneToday()).toEqual([8]);
    vi.useRealTimers();
  });
});
