// The server names what differs between the sentence and what was heard; this finds where in the sentence it happened.
import type { Miscue, Word } from "../api/types";

export interface ReferenceWord {
  text: string;
  verdict: "correct" | "omitted" | "replaced";
  // What was said in its place; empty unless replaced.
  heard: string;
}

export interface MarkedReference {
  words: ReferenceWord[];
  inserted: string[];
}

function bare(word: string): string {
  return word.toLowerCase().replace(/[^\p{Letter}\p{Number}']/gu, "");
}

// Miscues come in the order of the sentence. A word said twice in the sentence is told apart by what was heard there.
export function markReference(reference: string, heardWords: readonly Word[], miscues: readonly Miscue[]): MarkedReference {
  const heard = heardWords.map((word) => bare(word.text)).filter((word) => word !== "");
  // What was said twice stands beside the sentence, not in it.
  const open = miscues.filter((miscue) => miscue.kind !== "repeated");
  const inserted: string[] = [];
  let position = 0;

  const takeInsertions = (expected: string) => {
    while (open[0]?.kind === "inserted" && (heard[position] === bare(open[0].heard) || heard[position] === undefined) && heard[position] !== expected) {
      inserted.push(open[0].heard);
      open.shift();
      position += 1;
    }
  };

  const words = reference.split(/\s+/).filter((text) => bare(text) !== "").map((text): ReferenceWord => {
    const expected = bare(text);
    takeInsertions(expected);
    const next = open[0];
    if (next !== undefined && bare(next.expected) === expected && heard[position] !== expected) {
      open.shift();
      if (next.kind === "omitted") return { text, verdict: "omitted", heard: "" };
      position += 1;
      return { text, verdict: "replaced", heard: next.heard };
    }
    position += 1;
    return { text, verdict: "correct", heard: "" };
  });

  const extra = [...open.filter((miscue) => miscue.kind === "inserted"), ...miscues.filter((miscue) => miscue.kind === "repeated")];
  inserted.push(...extra.map((miscue) => miscue.heard));
  return { words, inserted };
}
