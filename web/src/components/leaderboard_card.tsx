import type { Leaderboard } from "@speechcoach/client";
import { t } from "../i18n";
import { formatMinutes, formatNumber } from "../i18n/numbers";
import { classesClient } from "../state/my_classes";
import { useAction } from "../state/use_loaded";
import { Refusal } from "./refusal";

function TakePart({ classId, takesPart, onChange }: { classId: number; takesPart: boolean; onChange: () => void }) {
  const { busy, refusal, run } = useAction();
  return (
    <>
      <button type="button" class="button" disabled={busy} onClick={() => void run(() => classesClient.takePart(classId, !takesPart)).then(onChange)}>
        {t(takesPart ? "leaderboard.leave" : "leaderboard.join")}
      </button>
      <Refusal lines={refusal} />
    </>
  );
}

// Who practised how much this week, of those who want to be seen. `classId`: the caller learns in it and may take part.
export function LeaderboardCard({ board, classId, onChange }: { board: Leaderboard; classId?: number; onChange?: () => void }) {
  return (
    <section class="card" aria-label={t("leaderboard.title")}>
      <h3 class="card__title">{t("leaderboard.title")}</h3>
      <p class="card__lead">{t("leaderboard.text")}</p>
      {board.learners.length === 0 ? (
        <p class="muted">{t("leaderboard.none")}</p>
      ) : (
        <ol class="leaderboard">
          {board.learners.map(({ name, sessions, minutes, is_caller }, index) => (
            <li key={index} class={`leaderboard__learner${is_caller ? " leaderboard__learner--own" : ""}`} aria-current={is_caller ? "true" : undefined}>
              <span class="leaderboard__name">{name || t(is_caller ? "leaderboard.you" : "comments.somebody")}</span>
              <span class="muted">{t("leaderboard.practised", { minutes: formatMinutes(minutes), sessions: formatNumber(sessions, 0) })}</span>
            </li>
          ))}
        </ol>
      )}
      {classId !== undefined && onChange !== undefined && <TakePart classId={classId} takesPart={board.takes_part} onChange={onChange} />}
    </section>
  );
}
