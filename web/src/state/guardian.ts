// Whether a child may practise: a guardian answers a link that the child hands on. Every call throws ApiError or UnreachableError.
import type { GuardianConsent } from "@speechcoach/client";
import { client } from "./app";

const CONSENT = "/api/v1/auth/me/guardian-consent";

export function guardianConsent(): Promise<GuardianConsent> {
  return client.read(CONSENT);
}

// It cannot be taken back.
export function declareChild(): Promise<GuardianConsent> {
  return client.write("PUT", CONSENT, { is_child: true });
}

// The address that the guardian opens; earlier ones are good no longer.
export async function makeGuardianLink(): Promise<string> {
  const { path } = await client.write<{ path: string }>("POST", "/api/v1/auth/me/guardian-link");
  return location.origin + path;
}
