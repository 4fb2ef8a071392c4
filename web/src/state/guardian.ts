// Whether a child may practise: a guardian answers a link that the child hands on. Every call throws ApiError or UnreachableError.
import type { GuardianConsent } from "@speechcoach/client";
import { client } from "./app";

const CONSENT = "/api/v1/auth/me/guardian-consent";

// On its way: parts of a page that ask at the same time share it. One that has come is not kept.
let asked: Promise<GuardianConsent> | null = null;

export function guardianConsent(): Promise<GuardianConsent> {
  return (asked ??= client.read<GuardianConsent>(CONSENT).finally(() => (asked = null)));
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
