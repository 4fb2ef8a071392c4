import type {
  Access,
  Assignment,
  Challenge,
  ChildInClass,
  ClassChange,
  Classes,
  Client,
  Comment,
  LanAccess,
  Leaderboard,
  Learners,
  NewAssignment,
  NewChallenge,
  NewComment,
  NewSentence,
  RosterResult,
  SchoolClass,
  Sentence,
  Session,
  SessionPage,
  Struggles,
  TaughtClass,
} from "@speechcoach/client";

const CLASSES = "/api/v1/classes";
const SENTENCES = "/api/v1/sentences";
const SESSIONS = "/api/v1/speech-practice/sessions";

// Whose recording it is, in which class.
export interface LearnerAddress {
  classId: number;
  userId: number;
}

function addressOf({ classId, userId }: LearnerAddress): string {
  return `${CLASSES}/${classId}/learners/${userId}`;
}

// Classes as those who teach and learn in them see them. Every call throws ApiError or UnreachableError.
export class ClassesClient {
  constructor(private readonly client: Pick<Client, "read" | "write" | "file">) {}

  classes(): Promise<Classes> {
    return this.client.read(CLASSES);
  }

  open(name: string): Promise<TaughtClass> {
    return this.client.write("POST", CLASSES, { name });
  }

  change(classId: number, change: ClassChange): Promise<TaughtClass> {
    return this.client.write("PATCH", `${CLASSES}/${classId}`, change);
  }

  close(classId: number): Promise<void> {
    return this.client.write("DELETE", `${CLASSES}/${classId}`);
  }

  join(by: { code: string } | { class_id: number }): Promise<SchoolClass> {
    return this.client.write("POST", `${CLASSES}/join`, by);
  }

  // Takes a learner out, or leaves.
  remove(learner: LearnerAddress): Promise<void> {
    return this.client.write("DELETE", addressOf(learner));
  }

  // Learners under age.
  async children(classId: number): Promise<readonly ChildInClass[]> {
    return (await this.client.read<{ children: ChildInClass[] }>(`${CLASSES}/${classId}/children`)).children;
  }

  // That a learner is under age; `isGiven` where the school holds a guardian's consent.
  recordChild(learner: LearnerAddress, isGiven: boolean): Promise<unknown> {
    return this.client.write("PUT", `${addressOf(learner)}/guardian-consent`, { is_given: isGiven });
  }

  // Takes back one's own word.
  undoChild(learner: LearnerAddress): Promise<unknown> {
    return this.client.write("DELETE", `${addressOf(learner)}/guardian-consent`);
  }

  // `table` has the columns email and name. Where lines are wrong, ApiError.lines says which.
  invite(classId: number, table: string): Promise<RosterResult> {
    return this.client.write("POST", `${CLASSES}/${classId}/roster`, table);
  }

  lan(): Promise<LanAccess> {
    return this.client.read("/api/v1/lan");
  }

  learners(classId: number): Promise<Learners> {
    return this.client.read(`${CLASSES}/${classId}/learners`);
  }

  struggles(classId: number): Promise<Struggles> {
    return this.client.read(`${CLASSES}/${classId}/struggles`);
  }

  gradebook(classId: number): Promise<Blob> {
    return this.client.file(`${CLASSES}/${classId}/gradebook`);
  }

  async assignments(classId: number): Promise<Assignment[]> {
    return (await this.client.read<{ assignments: Assignment[] }>(`${CLASSES}/${classId}/assignments`)).assignments;
  }

  assign(classId: number, assignment: NewAssignment): Promise<Assignment> {
    return this.client.write("POST", `${CLASSES}/${classId}/assignments`, assignment);
  }

  takeBack(classId: number, assignmentId: number): Promise<void> {
    return this.client.write("DELETE", `${CLASSES}/${classId}/assignments/${assignmentId}`);
  }

  async challenges(classId: number): Promise<Challenge[]> {
    return (await this.client.read<{ challenges: Challenge[] }>(`${CLASSES}/${classId}/challenges`)).challenges;
  }

  challenge(classId: number, challenge: NewChallenge): Promise<Challenge> {
    return this.client.write("POST", `${CLASSES}/${classId}/challenges`, challenge);
  }

  endChallenge(classId: number, challengeId: number): Promise<void> {
    return this.client.write("DELETE", `${CLASSES}/${classId}/challenges/${challengeId}`);
  }

  leaderboard(classId: number): Promise<Leaderboard> {
    return this.client.read(`${CLASSES}/${classId}/leaderboard`);
  }

  async takePart(classId: number, takesPart: boolean): Promise<void> {
    await this.client.write("PUT", `${CLASSES}/${classId}/leaderboard`, { takes_part: takesPart });
  }

  // Newest first; `cursor` is next_cursor of the page before.
  sessions(learner: LearnerAddress, cursor: string | null): Promise<SessionPage> {
    return this.client.read(`${addressOf(learner)}/sessions?limit=20${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`);
  }

  session(learner: LearnerAddress, id: string): Promise<Session> {
    return this.client.read(`${addressOf(learner)}/sessions/${id}`);
  }

  recording(learner: LearnerAddress, id: string): Promise<Blob> {
    return this.client.file(`${addressOf(learner)}/sessions/${id}/audio`);
  }

  // The comments on a recording: of a learner, or (null) one's own.
  async comments(learner: LearnerAddress | null, id: string): Promise<Comment[]> {
    return (await this.client.read<{ comments: Comment[] }>(this.commentsPath(learner, id))).comments;
  }

  comment(learner: LearnerAddress | null, id: string, comment: NewComment): Promise<Comment> {
    return this.client.write("POST", this.commentsPath(learner, id), comment);
  }

  async ownSentences(): Promise<Sentence[]> {
    return (await this.client.read<{ sentences: Sentence[] }>(`${SENTENCES}?own=true`)).sentences;
  }

  writeSentence(sentence: NewSentence): Promise<Sentence> {
    return this.client.write("POST", SENTENCES, sentence);
  }

  // `table` has the columns text and level. Where lines are wrong, ApiError.lines says which.
  async importSentences(table: string): Promise<Sentence[]> {
    return (await this.client.write<{ sentences: Sentence[] }>("POST", `${SENTENCES}/import`, table)).sentences;
  }

  withdrawSentence(id: number): Promise<void> {
    return this.client.write("DELETE", `${SENTENCES}/${id}`);
  }

  // The newest hundred.
  async accesses(): Promise<Access[]> {
    return (await this.client.read<{ accesses: Access[] }>("/api/v1/auth/me/accesses")).accesses;
  }

  private commentsPath(learner: LearnerAddress | null, id: string): string {
    return `${learner === null ? SESSIONS : `${addressOf(learner)}/sessions`}/${id}/comments`;
  }
}
