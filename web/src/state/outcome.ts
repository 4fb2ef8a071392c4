import type { AnalysisComplete, Feedback, Miscue, PronunciationReport, Prosody, Scores, Session, Stage, Transcription, Word } from "@speechcoach/client";

// Everything the page shows about one analysed recording, whichever way it came.
export interface Outcome {
  sessionId: string;
  text: string;
  words: Word[];
  prosody: Prosody | null;
  pronunciation: PronunciationReport | null;
  scores: Scores;
  feedback: Feedback;
  miscues: Miscue[];
  degraded: boolean;
  // Stages that were replaced by something simpler.
  failedStages: Stage[];
  processingMs: number;
}

export function outcomeOfLive(
  complete: AnalysisComplete,
  transcription: Transcription | null,
  prosody: Prosody | null,
  pronunciation: PronunciationReport | null,
  failedStages: Stage[],
): Outcome {
  return {
    sessionId: complete.session_id,
    text: transcription?.text ?? "",
    words: transcription?.words ?? [],
    prosody,
    pronunciation,
    scores: complete.scores,
    feedback: complete.feedback,
    miscues: complete.miscues,
    degraded: complete.degraded_mode,
    failedStages,
    processingMs: complete.processing_time_ms,
  };
}

// null where the session holds no analysis.
export function outcomeOfSession(session: Session): Outcome | null {
  if (session.scores === null || session.feedback === null) return null;
  return {
    sessionId: session.id,
    text: session.transcript ?? "",
    words: session.words ?? [],
    prosody: session.prosody_features,
    pronunciation: session.pronunciation,
    scores: session.scores,
    feedback: session.feedback,
    miscues: session.miscues ?? [],
    degraded: session.degraded_mode ?? false,
    failedStages: (session.failures ?? []).map((failure) => failure.stage),
    processingMs: session.processing_time_ms ?? 0,
  };
}
