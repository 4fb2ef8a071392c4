import type { Client, NewRating, RatingAgreement, RatingTask } from "@speechcoach/client";

const RATINGS = "/api/v1/ratings";
const CONSENT = "/api/v1/auth/me/rating-consent";

// Recordings whose learners let teachers rate them. Every call throws ApiError or UnreachableError.
export class RatingsClient {
  constructor(private readonly client: Pick<Client, "read" | "write" | "file">) {}

  // null: nothing waits for this rater, or nothing after the session that was passed over.
  async next(after: string | null): Promise<RatingTask | null> {
    return (await this.client.read<{ task: RatingTask | null }>(`${RATINGS}/next${after === null ? "" : `?after=${after}`}`)).task;
  }

  recording(sessionId: string): Promise<Blob> {
    return this.client.file(`${RATINGS}/${sessionId}/audio`);
  }

  rate(sessionId: string, rating: NewRating): Promise<NewRating> {
    return this.client.write("PUT", `${RATINGS}/${sessionId}`, rating);
  }

  // How well the program agrees with people; administrators alone.
  async agreement(): Promise<RatingAgreement[]> {
    return (await this.client.read<{ ratings: RatingAgreement[] }>("/api/v1/admin/agreement")).ratings;
  }

  // Whether one's own recordings may be heard and rated.
  async consent(): Promise<boolean> {
    return (await this.client.read<{ is_given: boolean }>(CONSENT)).is_given;
  }

  async setConsent(isGiven: boolean): Promise<void> {
    await this.client.write("PUT", CONSENT, { is_given: isGiven });
  }
}
