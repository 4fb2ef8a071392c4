// The wire's types under the names that the page uses.
import type { components, operations } from "./generated/rest";

export type {
  AnalysisComplete,
  ClientMessage,
  Error as ErrorMessage,
  Feedback,
  Locale,
  Miscue,
  Mode,
  PronouncedPhone,
  PronouncedWord,
  PronunciationReport,
  Prosody,
  Scores,
  ServerMessage,
  Stage,
  ScoreReason,
  StartSession,
  Transcription,
  Word,
} from "./generated/ws";

export type Sentence = components["schemas"]["Sentence"];
export type Level = components["schemas"]["Level"];
export type SignIn = components["schemas"]["SignIn"];
export type Problem = components["schemas"]["Problem"];
export type Session = components["schemas"]["Session"];
export type SessionStatus = components["schemas"]["SessionStatus"];
export type ErrorCode = components["schemas"]["ErrorCode"];
export type SessionSummary = components["schemas"]["SessionSummary"];
export type SessionPage = operations["listSessions"]["responses"]["200"]["content"]["application/json"];
