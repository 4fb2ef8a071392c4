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
export type RatingTask = NonNullable<Json<"nextToRate", 200>["task"]>;
export type NewRating = components["schemas"]["HumanRating"];
export type ProductReport = components["schemas"]["ProductReport"];
export type RatingAgreement = components["schemas"]["RatingAgreements"]["ratings"][number];
export type ChildInClass = components["schemas"]["ChildInClass"];
export type GuardianConsent = components["schemas"]["GuardianConsent"];
export type Topic = Json<"listTopics", 200>["topics"][number];
export type Turn = components["schemas"]["Turn"];
export type Coach = Turn["coach"];
export type AccountSignIn = components["schemas"]["AccountSignIn"];
export type Progress = components["schemas"]["Progress"];
export type Trends = components["schemas"]["Trends"];
export type ModelSpeech = components["schemas"]["ModelSpeech"];
export type Pace = NonNullable<NonNullable<operations["sayModelSpeech"]["parameters"]["query"]>["speed"]>;
export type Achievement = components["schemas"]["Achievement"];
export type Habits = components["schemas"]["Habits"];
export type Habit = Habits["habits"][number];
export type LearningPath = components["schemas"]["LearningPath"];
export type SchoolClass = components["schemas"]["Class"];
export type TaughtClass = components["schemas"]["TaughtClass"];
// Where phones of the local network open the page; null where the server is open to none.
export type LanAccess = Json<"getLan", 200>;
export type Classes = components["schemas"]["Classes"];
export type ClassChange = components["schemas"]["ClassChange"];
export type Learners = components["schemas"]["Learners"];
export type ClassLearner = Learners["learners"][number];
export type Struggles = components["schemas"]["Struggles"];
export type WeakAreas = components["schemas"]["WeakAreas"];
export type Assignment = components["schemas"]["Assignment"];
export type NewAssignment = components["schemas"]["NewAssignment"];
export type NewSentence = components["schemas"]["NewSentence"];
export type RosterResult = Json<"addRoster", 200>;
export type Challenge = components["schemas"]["Challenge"];
export type NewChallenge = components["schemas"]["NewChallenge"];
export type Leaderboard = components["schemas"]["Leaderboard"];
export type Comment = components["schemas"]["Comment"];
export type NewComment = components["schemas"]["NewComment"];
export type Access = components["schemas"]["Access"];
export type Export = components["schemas"]["Export"];
export type Dispute = components["schemas"]["Dispute"];
export type NewDispute = components["schemas"]["NewDispute"];
export type OpenDispute = Json<"listDisputes", 200>["disputes"][number];
