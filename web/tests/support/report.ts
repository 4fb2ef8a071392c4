import type { PronouncedPhone, PronouncedWord, PronunciationReport } from "@speechcoach/client";

export function phone(name: string, ipa: string, changes: Partial<PronouncedPhone> = {}): PronouncedPhone {
  return { phone: name, ipa, start_s: 0.1, end_s: 0.2, score: 9, verdict: "ok", heard: null, heard_ipa: null, confidence: 0.9, ...changes };
}

export function word(text: string, start_s: number, changes: Partial<PronouncedWord> = {}): PronouncedWord {
  return { text, start_s, end_s: start_s + 0.3, score: 9, verdict: "ok", stress: null, phones: [], inserted: [], ...changes };
}

export function report(words: PronouncedWord[], changes: Partial<PronunciationReport> = {}): PronunciationReport {
  return { words, miscues: [], ratings: { accuracy: 8, fluency: 8, prosodic: 8, total: 8 }, text_match: 1, reasons: [], patterns: [], ...changes };
}
