import type { ComponentChildren } from "preact";
import { t } from "../i18n";
import type { Loaded } from "../state/use_loaded";
import { Loading } from "./loading";
import { Notice } from "./notice";

interface LoadedPartProps<Value> {
  state: Loaded<Value>;
  reload: () => void;
  lines?: number;
  children: (value: Value) => ComponentChildren;
}

// What was read; until then its waiting, or why it cannot be had.
export function LoadedPart<Value>({ state, reload, lines, children }: LoadedPartProps<Value>) {
  if (state.name === "loading") return <Loading {...(lines === undefined ? {} : { lines })} />;
  if (state.name === "loaded") return <>{children(state.value)}</>;
  return (
    <Notice tone="error" title={t("load.failed")} text={state.message}>
      <button type="button" class="button button--primary" onClick={reload}>
        {t("home.retry")}
      </button>
    </Notice>
  );
}
