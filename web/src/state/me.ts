// Who is signed in. What only an administrator may see is asked of the server each time; this only decides what is offered.
import { signal } from "@preact/signals";
import type { User } from "@speechcoach/client";
import { client } from "./app";
import { loadMyClasses } from "./my_classes";

export const me = signal<User | null>(null);

export function mayTeach(): boolean {
  return me.value !== null && me.value.role !== "learner";
}

export async function loadMe(): Promise<void> {
  // Without an answer nothing more is offered than to anybody.
  me.value = await client.me().catch(() => null);
  await loadMyClasses();
}
