import type { Struggles, WeakAreas } from "@speechcoach/client";
import { locale, t } from "../i18n";
import { learnerName } from "../i18n/learners";
import { soundHint, written } from "../i18n/phones";
import { qualityOf } from "./quality";

function SharedSound({ sound, learners, faults, chances, score }: Struggles["sounds"][number]) {
  return (
    <li class="weak">
      <span class={`score_chip score_chip--${qualityOf(score)}`}>{written(sound)}</span>
      <span>
        <span class="weak__count">
          {t("struggles.learners", { count: learners })} · {t("progress.faults", { faults, chances })}
        </span>
        <span class="muted">{soundHint(sound, locale.value)}</span>
      </span>
    </li>
  );
}

function areasText({ skills, sounds, words }: WeakAreas): string {
  const parts = [
    skills.map(({ skill }) => t(`score.${skill}`)).join(", "),
    sounds.map(({ sound }) => written(sound)).join(" "),
    words.map(({ word }) => `“${word}”`).join(", "),
  ];
  return parts.filter((part) => part !== "").join(" · ");
}

// What is hard for most, and what for each.
export function StrugglesCard({ classId, struggles }: { classId: number; struggles: Struggles }) {
  if (struggles.learners.length === 0) return null;
  return (
    <section class="card" aria-labelledby="struggles_title">
      <h2 id="struggles_title" class="card__title">
        {t("struggles.title")}
      </h2>
      <p class="card__lead">{t("struggles.lead")}</p>
      {struggles.sounds.length === 0 ? (
        <p class="muted">{t("struggles.none")}</p>
      ) : (
        <ul class="weak_list">
          {struggles.sounds.map((sound) => (
            <SharedSound key={sound.sound} {...sound} />
          ))}
        </ul>
      )}
      <details class="more">
        <summary>{t("struggles.each")}</summary>
        <ul class="plain_list">
          {struggles.learners.map((learner) => (
            <li key={learner.user_id}>
              <span>
                <a class="text_link" href={`/classes/${classId}/learners/${learner.user_id}`}>
                  {learnerName(learner)}
                </a>{" "}
                <span class="muted">{areasText(learner.weak_areas)}</span>
              </span>
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}
