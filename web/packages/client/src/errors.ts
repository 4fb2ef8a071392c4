import type { ErrorCode, Problem } from "./types.js";

// The server answered, and refused. `message` is for the learner, in the language that was asked for.
export class ApiError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly retryable: boolean,
    readonly retryAfterS: number | null = null,
    // What is wrong with each line of a table that was sent.
    readonly lines: readonly string[] = [],
  ) {
    super(message);
  }
}

// No answer: the server is away, or the network.
export class UnreachableError extends Error {}

export async function errorOf(response: Response): Promise<ApiError> {
  const retryAfter = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  const retryAfterS = Number.isNaN(retryAfter) ? null : retryAfter;
  try {
    const problem = (await response.json()) as Partial<Problem>;
    return new ApiError(problem.code ?? "internal", problem.detail ?? "", problem.retryable ?? response.status >= 500, retryAfterS, (problem.errors ?? []).map(({ message }) => message));
  } catch {
    return new ApiError("internal", "", response.status >= 500, retryAfterS);
  }
}
