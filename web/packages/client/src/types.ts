// The wire's types under the names that the page uses.
import type { components, operations } from "./generated/rest.js";

export type {
  AnalysisComplete,
  ClientMessage,
  CoachTurn,
  Correction,
  Error as ErrorMessage,
  Feedback,
  Hint,
  Locale,
  Miscue,
  Mode,
  PronouncedPhone,
  PronouncedWord,
  PronunciationReport,
  Prosody,
  Resumed,
  Scores,
  ServerMessage,
  Stage,
  ScoreReason,
  StartSession,
  Transcription,
  Word,
} from "./generated/ws.js";

export type Sentence = components["schemas"]["Sentence"];
export type Level = components["schemas"]["Level"];
export type SignIn = components["schemas"]["SignIn"];
export type Problem = components["schemas"]["Problem"];
export type Session = components["schemas"]["Session"];
export type SessionStatus = components["schemas"]["SessionStatus"];
export type ErrorCode = components["schemas"]["ErrorCode"];
export type SessionSummary = components["schemas"]["SessionSummary"];
export type SessionPage = operations["listSessions"]["responses"][200]["content"]["application/json"];
export type User = components["schemas"]["User"];

type Json<Operation extends keyof operations, Status extends number> = operations[Operation]["responses"] extends Record<Status, { content: { "application/json": infer Body } }> ? Body : never;
type Sent<Operation extends keyof operations> = operations[Operation] extends { requestBody?: { content: { "application/json": infer Body } } } ? Body : never;

export type LlmProvider = Json<"listLlmProviders", 200>["providers"][number];
export type LlmKey = components["schemas"]["LlmKey"];
export type NewLlmKey = Sent<"addLlmKey">;
export type LlmKeyChange = Sent<"changeLlmKey">;
export type LlmKeyTest = Json<"testLlmKey", 200>;
export type LlmUsageStats = Json<"getLlmUsage", 200>;
export type UsageGrouping = NonNullable<NonNullable<operations["getLlmUsage"]["parameters"]["query"]>["group_by"]>;
export type Topic = Json<"listTopics", 200>["topics"][number];
export type Turn = components["schemas"]["Turn"];
export type Coach = Turn["coach"];
export type AccountSignIn = components["schemas"]["AccountSignIn"];
export type Progress = components["schemas"]["Progress"];
export type Trends = components["schemas"]["Trends"];
export type ModelSpeech = components["schemas"]["ModelSpeech"];
export type Pace = NonNullable<NonNullable<operations["sayModelSpeech"]["parameters"]["query"]>["speed"]>;
