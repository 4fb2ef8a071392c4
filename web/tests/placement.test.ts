import { describe, expect, test } from "vitest";
import type { Level, Scores, Sentence } from "@speechcoach/client";
import { nextLevel, placedLevel, placementSentence, type Attempt } from "../src/state/placement";

function attempt(level: Level, score: number): Attempt {
  const scores: Scores = { overall: 0, pronunciation: score, prosody: 0, emotion: 0, confidence: 0, fluency: score };
  return { level, scores };
}

// Reads three sentences, each with that score.
function place(scoreAt: (level: Level) => number): Level {
  const attempts: Attempt[] = [];
  while (attempts.length < 3) {
    const level = nextLevel(attempts);
    attempts.push(attempt(level, scoreAt(level)));
  }
  return placedLevel(attempts);
}

describe("placement", () => {
  test("begins at A2 and reaches the highest and the lowest level", () => {
    expect(nextLevel([])).toBe("A2");
    expect(place(() => 9)).toBe("C1");
    expect(place(() => 3)).toBe("A1");
  });

  test("ends where sentences are neither easy nor too hard", () => {
    expect(place(() => 7)).toBe("A2");
    expect(place((level) => (level === "A1" || level === "A2" ? 8 : 4))).toBe("A2");
    expect(place((level) => (level === "B2" || level === "C1" ? 5 : 9))).toBe("B1");
  });

  test("takes a sentence of the level that was not read yet, or else another", () => {
    const sentences = [{ id: 1, level: "A2" }, { id: 2, level: "A2" }, { id: 3, level: "B1" }] as Sentence[];
    expect(placementSentence(sentences, "A2", [1])?.id).toBe(2);
    expect(placementSentence(sentences, "C1", [1])?.id).toBe(2);
    expect(placementSentence(sentences, "A2", [1, 2, 3])).toBeUndefined();
  });
});
