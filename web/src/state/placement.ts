// Three sentences, each chosen by how the one before went: a first guess of somebody's level.
import type { Level, Scores, Sentence } from "@speechcoach/client";
import { LEVELS } from "./level";

export const PLACEMENT_STEPS = 3;

const FIRST_LEVEL = LEVELS.indexOf("A2");
// From here on a sentence was read with ease; below the other bound it was too hard.
const EASY_FROM = 7.5;
const HARD_BELOW = 6;

export interface Attempt {
  level: Level;
  scores: Scores;
}

// What reading a sentence aloud tells most directly.
function readingScore({ pronunciation, fluency }: Scores): number {
  return (2 * pronunciation + fluency) / 3;
}

function levelAt(index: number): Level {
  return LEVELS[Math.max(0, Math.min(LEVELS.length - 1, index))] ?? "A1";
}

function after({ level, scores }: Attempt, step: number): Level {
  const index = LEVELS.indexOf(level);
  const score = readingScore(scores);
  if (score >= EASY_FROM) return levelAt(index + step);
  return score < HARD_BELOW ? levelAt(index - 1) : level;
}

// The level of the next sentence. From the first, an easy one leads two levels up: three sentences must reach all five.
export function nextLevel(attempts: readonly Attempt[]): Level {
  const last = attempts.at(-1);
  return last === undefined ? levelAt(FIRST_LEVEL) : after(last, attempts.length === 1 ? 2 : 1);
}

// Where somebody begins after all attempts: the last level if it went well, one lower if it was too hard.
export function placedLevel(attempts: readonly Attempt[]): Level {
  const last = attempts.at(-1);
  if (last === undefined) return levelAt(FIRST_LEVEL);
  return readingScore(last.scores) < HARD_BELOW ? levelAt(LEVELS.indexOf(last.level) - 1) : last.level;
}

// A sentence of that level which was not read yet; of any level where there is none.
export function placementSentence(all: readonly Sentence[], wanted: Level, used: readonly number[]): Sentence | undefined {
  const fresh = all.filter(({ id }) => !used.includes(id));
  return fresh.find((sentence) => sentence.level === wanted) ?? fresh[0];
}
