import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../i18n";
import type { History } from "../state/history";
import { Loading } from "./loading";
import { Notice } from "./notice";
import { SessionDays } from "./session_days";

// Sessions page by page; `empty` where there are none, `under` the address before a session's id.
export function SessionPages({ history, under, empty }: { history: History; under: string; empty: ComponentChildren }) {
  useEffect(() => void history.load(), [history]);
  const sessions = history.sessions.value;
  const state = history.state.value;
  return (
    <>
      <SessionDays sessions={sessions} under={under} />
      {state === "loading" && <Loading />}
      {state === "failed" && (
        <Notice tone="error" title={t("home.unreachable.title")} text={t("home.unreachable.text")}>
          <button type="button" class="button button--primary" onClick={() => void history.load()}>
            {t("home.retry")}
          </button>
        </Notice>
      )}
      {state === "loaded" && sessions.length === 0 && !history.hasMore.value && empty}
      {state === "loaded" && history.hasMore.value && (
        <button type="button" class="button more_button" onClick={() => void history.load()}>
          {t("history.more")}
        </button>
      )}
    </>
  );
}
