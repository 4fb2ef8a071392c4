import { useEffect, useMemo } from "preact/hooks";
import type { SessionSummary } from "@speechcoach/client";
import { ForwardIcon, HistoryIcon } from "../components/icons";
import { Loading } from "../components/loading";
import { Notice } from "../components/notice";
import { qualityOf } from "../components/quality";
import { t } from "../i18n";
import { formatDay, formatScore, formatTime } from "../i18n/numbers";
import { client } from "../state/app";
import { History } from "../state/history";

function statusText(session: SessionSummary): string {
  if (session.status === "failed") return session.error?.message ?? t("history.status.failed");
  return t(session.status === "processing" ? "history.status.processing" : "history.status.unfinished");
}

function Item({ session }: { session: SessionSummary }) {
  const text = session.reference_text !== "" ? session.reference_text : (session.transcript ?? "");
  const overall = session.scores?.overall;
  return (
    <li>
      <a class="card past" href={`/history/${session.id}`}>
        {overall === undefined ? (
          <span class="score_chip score_chip--none" aria-hidden="true">
            –
          </span>
        ) : (
          <span class={`score_chip score_chip--${qualityOf(overall)}`} aria-label={t("history.score", { score: formatScore(overall) })}>
            {formatScore(overall)}
          </span>
        )}
        <span class="past__body">
          <span class="past__text" lang="en">
            {text === "" ? t("transcript.empty") : text}
          </span>
          <span class="past__facts">
            {t(session.mode === "conversation" ? "practice.conversation.title" : "history.mode.sentence")} · {formatTime(session.created_at)}
            {overall === undefined && <> · {statusText(session)}</>}
          </span>
        </span>
        <ForwardIcon />
      </a>
    </li>
  );
}

function days(sessions: readonly SessionSummary[]): [string, SessionSummary[]][] {
  const result = new Map<string, SessionSummary[]>();
  for (const session of sessions) {
    const day = formatDay(session.created_at);
    result.set(day, [...(result.get(day) ?? []), session]);
  }
  return [...result];
}

function Empty() {
  return (
    <div class="card empty">
      <HistoryIcon />
      <p>{t("history.empty")}</p>
      <a class="button button--primary" href="/">
        {t("history.begin")}
      </a>
    </div>
  );
}

export function HistoryView() {
  const history = useMemo(() => new History(client), []);
  useEffect(() => void history.load(), [history]);
  const sessions = history.sessions.value;
  const state = history.state.value;
  return (
    <section aria-labelledby="history_title">
      <h1 id="history_title" class="page_title">
        {t("nav.history")}
      </h1>
      {days(sessions).map(([day, those]) => (
        <section key={day} class="past_day">
          <h2 class="past_day__title">{day}</h2>
          <ul class="past_list">
            {those.map((session) => (
              <Item key={session.id} session={session} />
            ))}
          </ul>
        </section>
      ))}
      {state === "loading" && <Loading />}
      {state === "failed" && (
        <Notice tone="error" title={t("home.unreachable.title")} text={t("home.unreachable.text")}>
          <button type="button" class="button button--primary" onClick={() => void history.load()}>
            {t("home.retry")}
          </button>
        </Notice>
      )}
      {state === "loaded" && sessions.length === 0 && !history.hasMore.value && <Empty />}
      {state === "loaded" && history.hasMore.value && (
        <button type="button" class="button more_button" onClick={() => void history.load()}>
          {t("history.more")}
        </button>
      )}
    </section>
  );
}
