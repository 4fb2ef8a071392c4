// A choice that is made with arrow keys: they pass over what lies between, so one is taken once it rests.
import { useCallback, useEffect, useRef } from "preact/hooks";

export const REST_MS = 600;

export interface Rested<Choice> {
  choose: (choice: Choice) => void;
  // Takes what waits at once; so does the end of the component.
  settle: () => void;
}

export function useRested<Choice>(take: (choice: Choice) => void): Rested<Choice> {
  const latest = useRef(take);
  latest.current = take;
  const waiting = useRef<{ choice: Choice; timer: ReturnType<typeof setTimeout> } | null>(null);
  const settle = useCallback(() => {
    if (waiting.current === null) return;
    const { choice, timer } = waiting.current;
    waiting.current = null;
    clearTimeout(timer);
    latest.current(choice);
  }, []);
  const choose = useCallback((choice: Choice) => {
    if (waiting.current !== null) clearTimeout(waiting.current.timer);
    waiting.current = { choice, timer: setTimeout(settle, REST_MS) };
  }, []);
  useEffect(() => settle, []);
  return { choose, settle };
}
