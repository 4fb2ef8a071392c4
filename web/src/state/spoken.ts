import type { PronouncedPhone, PronouncedWord, PronunciationReport } from "@speechcoach/client";

// A word that was left out has a place in the sentence and none in the recording, whatever its times say.
export function wasSaid(word: PronouncedWord): boolean {
  return word.verdict !== "omitted" && word.end_s > word.start_s;
}

// "think," -> "think"
export function withoutMarks(text: string): string {
  return text.replace(/[.,!?;:]+$/, "");
}

// Below that a verdict on a sound is a guess, and said as one.
const SURE_FROM = 0.6;

export function isSure(phone: PronouncedPhone): boolean {
  return phone.confidence >= SURE_FROM;
}

// What is most clearly wrong with a word: its worst sound that was heard as another one or not at all.
export function worstSound(word: PronouncedWord): PronouncedPhone | undefined {
  const wrong = word.phones.filter((phone) => (phone.verdict === "substituted" || phone.verdict === "deleted") && isSure(phone));
  return wrong.sort((a, b) => a.score - b.score)[0];
}

// Below that what was said is another sentence: its melody says nothing about how this one was read.
const SAME_SENTENCE = 0.7;

export function isReadingOf(report: PronunciationReport | null): boolean {
  return report !== null && report.text_match >= SAME_SENTENCE;
}
