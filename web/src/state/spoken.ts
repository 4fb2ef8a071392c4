import type { PronouncedWord, PronunciationReport } from "@speechcoach/client";

// A word that was left out has a place in the sentence and none in the recording, whatever its times say.
export function wasSaid(word: PronouncedWord): boolean {
  return word.verdict !== "omitted" && word.end_s > word.start_s;
}

// Below that what was said is another sentence: its melody says nothing about how this one was read.
const SAME_SENTENCE = 0.7;

export function isReadingOf(report: PronunciationReport | null): boolean {
  return report !== null && report.text_match >= SAME_SENTENCE;
}
