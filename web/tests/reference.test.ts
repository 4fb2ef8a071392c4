// @vitest-environment node
import { describe, expect, test } from "vitest";
import type { Miscue, Word } from "../src/api/types";
import { markReference } from "../src/state/reference";

function heard(text: string): Word[] {
  return text.split(" ").filter((word) => word !== "").map((word, n) => ({ text: word, start_s: n, end_s: n + 1, confidence: 1 }));
}

const omitted = (expected: string): Miscue => ({ kind: "omitted", expected, heard: "" });
const inserted = (word: string): Miscue => ({ kind: "inserted", expected: "", heard: word });
const replaced = (expected: string, word: string): Miscue => ({ kind: "replaced", expected, heard: word });

function verdicts(reference: string, said: string, miscues: Miscue[]): string {
  const marked = markReference(reference, heard(said), miscues);
  const words = marked.words.map((word) => ({ correct: word.text, omitted: `-${word.text}`, replaced: `${word.text}>${word.heard}` })[word.verdict]);
  return [...words, ...marked.inserted.map((word) => `+${word}`)].join(" ");
}

describe("the sentence with its miscues", () => {
  test("nothing differs", () => {
    expect(verdicts("Good morning! How are you?", "Good morning, how are you?", [])).toBe("Good morning! How are you?");
  });

  test("a word is left out, replaced, added", () => {
    expect(verdicts("She has six fish.", "she has fish", [omitted("six")])).toBe("She has -six fish.");
    expect(verdicts("She has six fish.", "she had six fish", [replaced("has", "had")])).toBe("She has>had six fish.");
    expect(verdicts("She has six fish.", "she has got six fish", [inserted("got")])).toBe("She has six fish. +got");
  });

  test("of a word that the sentence has twice, the right one is marked", () => {
    expect(verdicts("the cat and the dog", "the cat and dog", [omitted("the")])).toBe("the cat and -the dog");
    expect(verdicts("the cat and the dog", "cat and the dog", [omitted("the")])).toBe("-the cat and the dog");
    expect(verdicts("the cat and the dog", "the cat and a dog", [replaced("the", "a")])).toBe("the cat and the>a dog");
  });

  test("everything differs, or nothing was heard", () => {
    expect(verdicts("Hot day.", "cold nights here", [replaced("hot", "cold"), replaced("day", "nights"), inserted("here")])).toBe(
      "Hot>cold day.>nights +here",
    );
    expect(verdicts("Hot day.", "", [omitted("hot"), omitted("day")])).toBe("-Hot -day.");
  });

  test("added words before, between and after are all told", () => {
    expect(verdicts("so it is", "well so uh it is yeah", [inserted("well"), inserted("uh"), inserted("yeah")])).toBe("so it is +well +uh +yeah");
  });
});
