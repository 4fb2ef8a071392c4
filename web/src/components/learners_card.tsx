import type { ClassLearner, Learners } from "@speechcoach/client";
import { t } from "../i18n";
import { learnerName } from "../i18n/learners";
import { formatMinutes, formatScore, formatShortDay } from "../i18n/numbers";
import { ForwardIcon } from "./icons";
import { qualityOf } from "./quality";

function facts({ sessions, minutes, last_practice_at }: ClassLearner): string {
  if (last_practice_at === null) return t("learner.not_yet");
  return t("learner.facts", { sessions, minutes: formatMinutes(minutes), day: formatShortDay(last_practice_at) });
}

// Who is in the class, and who is still expected.
export function LearnersCard({ classId, learners }: { classId: number; learners: Learners }) {
  return (
    <section class="card" aria-labelledby="learners_title">
      <h2 id="learners_title" class="card__title">
        {t("learners.title", { count: learners.learners.length })}
      </h2>
      {learners.learners.length === 0 && <p class="muted">{t("learners.none")}</p>}
      <ul class="plain_list">
        {learners.learners.map((learner) => (
          <li key={learner.user_id}>
            <a class="plain_list__link" href={`/classes/${classId}/learners/${learner.user_id}`}>
              {learner.mean_overall === null ? (
                <span class="score_chip" aria-hidden="true">
                  –
                </span>
              ) : (
                <span class={`score_chip score_chip--${qualityOf(learner.mean_overall)}`} aria-label={t("learner.mean", { score: formatScore(learner.mean_overall) })}>
                  {formatScore(learner.mean_overall)}
                </span>
              )}
              <span class="past__body">
                <strong>{learnerName(learner)}</strong>
                <span class="past__facts">{facts(learner)}</span>
              </span>
              <ForwardIcon />
            </a>
          </li>
        ))}
      </ul>
      {learners.invited.length > 0 && (
        <details class="more">
          <summary>{t("learners.invited", { count: learners.invited.length })}</summary>
          <ul class="plain_list">
            {learners.invited.map(({ email, name }) => (
              <li key={email}>{name === "" ? email : `${name} · ${email}`}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
