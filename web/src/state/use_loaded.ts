// What a page reads from the server, and what is done there: with its waiting, its failure, and another try.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "@speechcoach/client";
import { t } from "../i18n";

export type Loaded<Value> = { name: "loading" } | { name: "failed"; message: string } | { name: "loaded"; value: Value };

// In the learner's language.
export function messageOf(error: unknown): string {
  return (error instanceof ApiError && error.message) || t("home.unreachable.text");
}

// Reads when the component comes and when `key` changes; `reload` reads again, and what was there stays until the answer is.
export function useLoaded<Value>(load: () => Promise<Value>, key: unknown): [Loaded<Value>, () => void] {
  const [state, setState] = useState<Loaded<Value>>({ name: "loading" });
  const latest = useRef(0);
  const reload = useCallback(() => {
    const turn = ++latest.current;
    const show = (next: Loaded<Value>) => turn === latest.current && setState(next);
    load().then(
      (value) => show({ name: "loaded", value }),
      (error: unknown) => show({ name: "failed", message: messageOf(error) }),
    );
  }, [key]);
  useEffect(() => {
    setState({ name: "loading" });
    reload();
    return () => void ++latest.current;
  }, [reload]);
  return [state, reload];
}

export interface Action {
  busy: boolean;
  // Why the last try was refused; each line is said on its own.
  refusal: readonly string[];
  // True where it was done.
  run: (work: () => Promise<unknown>) => Promise<boolean>;
}

export function useAction(): Action {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<readonly string[]>([]);
  const run = async (work: () => Promise<unknown>) => {
    setBusy(true);
    setRefusal([]);
    try {
      await work();
      return true;
    } catch (error) {
      setRefusal(error instanceof ApiError && error.lines.length > 0 ? error.lines : [messageOf(error)]);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, refusal, run };
}
