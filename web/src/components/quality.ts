// Three standings of a word or sound; the same bounds wherever one is coloured.
export type Quality = "high" | "medium" | "low";

export const QUALITIES: readonly Quality[] = ["high", "medium", "low"];

// `score` in [0, 10].
export function qualityOf(score: number): Quality {
  if (score >= 8) return "high";
  return score >= 5 ? "medium" : "low";
}
