// How a habit of pronunciation goes on.
import type { Habit } from "@speechcoach/client";

export type HabitTrend = "better" | "worse" | "steady";

// Fewer say nothing about how it goes on.
const LEAST_CHANCES = 10;
const LEAST_RECORDINGS = 2;
// Of a standard error: beyond it chance alone leads one time in five.
const DOUBT = 1.28;

// null where there is too little to tell. A change counts where it is larger than chance makes it, taking the faults of each half for a
// Poisson count: shares of half the chances each differ with a variance of 4 p / chances.
export function habitTrend({ times, chances, recordings, earlier_share, recent_share }: Habit): HabitTrend | null {
  if (chances < LEAST_CHANCES || recordings < LEAST_RECORDINGS) return null;
  const change = recent_share - earlier_share;
  if (Math.abs(change) <= DOUBT * Math.sqrt((4 * times) / chances / chances)) return "steady";
  return change < 0 ? "better" : "worse";
}
