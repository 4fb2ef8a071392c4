// The classes of whoever is signed in, and what is still to be read for them. The last answer is kept, so that the first page
// does not move when the next one comes.
import { signal } from "@preact/signals";
import type { Assignment, Classes, SchoolClass } from "@speechcoach/client";
import { ClassesClient } from "../api/classes_client";
import { auth, client, loadSentences } from "./app";

const STORAGE_KEY = "speechcoach.classes";

export interface OwnAssignment {
  from: SchoolClass;
  assignment: Assignment;
}

interface MyClasses {
  classes: Classes;
  // Of all classes one learns in; what is due first comes first.
  assignments: readonly OwnAssignment[];
}

export const classesClient = new ClassesClient(client);

function kept(): MyClasses | null {
  try {
    const found = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "null") as (MyClasses & { user: number }) | null;
    return found !== null && found.user === auth.user.value?.id ? found : null;
  } catch {
    return null;
  }
}

// null until the server said it once.
export const myClasses = signal<MyClasses | null>(kept());

function keep(next: MyClasses | null): void {
  myClasses.value = next;
  const user = auth.user.value?.id;
  if (next === null || user === undefined) localStorage.removeItem(STORAGE_KEY);
  else localStorage.setItem(STORAGE_KEY, JSON.stringify({ user, ...next }));
}

function dueTime({ assignment }: OwnAssignment): number {
  return assignment.due_at === null ? Infinity : Date.parse(assignment.due_at);
}

async function assignmentsOf(from: SchoolClass): Promise<OwnAssignment[]> {
  return (await classesClient.assignments(from.id)).map((assignment) => ({ from, assignment }));
}

// What was known stays where the server cannot be reached. Throws ApiError, UnreachableError.
export async function readMyClasses(): Promise<void> {
  const classes = await classesClient.classes();
  const assignments = (await Promise.all(classes.learning.map(assignmentsOf))).flat();
  keep({ classes, assignments: assignments.sort((a, b) => dueTime(a) - dueTime(b) || a.assignment.id - b.assignment.id) });
}

// For pages that show it in passing.
export async function loadMyClasses(): Promise<void> {
  if (kept() === null) keep(null);
  await readMyClasses().catch(() => undefined);
}

// Also brings the sentences of the class's teacher.
export async function joinClass(by: { code: string } | { class_id: number }): Promise<void> {
  await classesClient.join(by);
  await Promise.all([readMyClasses(), loadSentences()]);
}

export function isInClass(): boolean {
  return (myClasses.value?.classes.learning.length ?? 0) > 0;
}

// What is given and not read yet.
export function openAssignments(): readonly OwnAssignment[] {
  return (myClasses.value?.assignments ?? []).filter(({ assignment }) => assignment.own == null);
}
