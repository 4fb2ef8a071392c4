import type { PronouncedWord, Prosody } from "@speechcoach/client";
import { wasSaid } from "./spoken";

export interface PlacedPause {
  seconds: number;
  // Between words that belong together.
  isMisplaced: boolean;
}

type Pause = Prosody["pauses"]["positions"][number];

// Which pauses follow which word: index into `words` -> its pauses. Words that nobody said have none.
export function placePauses(words: readonly PronouncedWord[], pauses: readonly Pause[]): Map<number, PlacedPause[]> {
  const placed = new Map<number, PlacedPause[]>();
  for (const pause of pauses) {
    const middle = (pause.start_s + pause.end_s) / 2;
    const after = words.findLastIndex((word) => wasSaid(word) && word.start_s < middle);
    const isLast = !words.some((word, index) => index > after && wasSaid(word));
    if (after < 0 || isLast) continue;
    const list = placed.get(after) ?? [];
    list.push({ seconds: pause.end_s - pause.start_s, isMisplaced: pause.place === "within_phrase" });
    placed.set(after, list);
  }
  return placed;
}
