// Of all that was found in a recording, the one thing that is worth doing next.
import type { PronunciationReport, ScoreReason } from "@speechcoach/client";
import { withoutMarks } from "./spoken";

// What to say (a text of i18n with its values), about which word of the report, and which sound it is about.
export interface NextStep {
  kind: ScoreReason["kind"] | "none";
  // Index into report.words; null where it is about the whole.
  word: number | null;
  text: string;
  phone: string;
  heard: string;
  value: number;
}

// Facts that make every other one meaningless go first; the report lists the rest by weight.
const FIRST: readonly ScoreReason["kind"][] = ["no_english_speech", "not_this_text"];

export function nextStep(report: PronunciationReport): NextStep {
  const reason = report.reasons.find(({ kind }) => FIRST.includes(kind)) ?? report.reasons[0];
  if (reason === undefined) return { kind: "none", word: null, text: "", phone: "", heard: "", value: 0 };
  const { kind, word, text, phone, heard, value } = reason;
  return { kind, word, text: withoutMarks(text), phone, heard, value };
}

// What a text calls it. A sound that is like no other one was heard as none.
export function toldKind<Kind extends NextStep["kind"]>(kind: Kind, heard: string): Kind | "unclear_sound" {
  return kind === "wrong_sound" && heard === "" ? "unclear_sound" : kind;
}
