import type { SessionSummary } from "@speechcoach/client";
import { t } from "../i18n";
import { formatDay, formatScore, formatTime } from "../i18n/numbers";
import { ForwardIcon } from "./icons";
import { qualityOf } from "./quality";

function statusText(session: SessionSummary): string {
  if (session.status === "failed") return session.error?.message ?? t("history.status.failed");
  return t(session.status === "processing" ? "history.status.processing" : "history.status.unfinished");
}

function Item({ session, href }: { session: SessionSummary; href: string }) {
  const text = session.reference_text !== "" ? session.reference_text : (session.transcript ?? "");
  const overall = session.scores?.overall;
  return (
    <li>
      <a class="card past" href={href}>
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

// Sessions, day by day; `under` is the address before a session's id.
export function SessionDays({ sessions, under }: { sessions: readonly SessionSummary[]; under: string }) {
  return (
    <>
      {days(sessions).map(([day, those]) => (
        <section key={day} class="past_day">
          <h2 class="past_day__title">{day}</h2>
          <ul class="past_list">
            {those.map((session) => (
              <Item key={session.id} session={session} href={`${under}/${session.id}`} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}
