import type { Achievement } from "@speechcoach/client";
import { t } from "../i18n";
import { formatDate, formatNumber } from "../i18n/numbers";
import { CheckIcon } from "./icons";

function Item({ achievement }: { achievement: Achievement }) {
  const { title, goal, so_far, reached_on } = achievement;
  const isReached = reached_on !== null;
  return (
    <li class={`achievement${isReached ? " achievement--reached" : ""}`}>
      <span class="stages__mark">{isReached && <CheckIcon />}</span>
      <span class="achievement__body">
        <strong>{title}</strong>
        {isReached ? (
          <span class="muted">{t("achievements.reached", { day: formatDate(reached_on) })}</span>
        ) : (
          <>
            <progress class="stages__bar" max={goal} value={so_far} aria-label={title} />
            <span class="muted">{t("achievements.so_far", { so_far: formatNumber(so_far, 0), goal: formatNumber(goal, 0) })}</span>
          </>
        )}
      </span>
    </li>
  );
}

const NEAREST = 3;

// What one has achieved, and what is nearest; the rest is a tap away.
export function AchievementsCard({ achievements }: { achievements: readonly Achievement[] }) {
  if (achievements.length === 0) return null;
  const reached = achievements.filter(({ reached_on }) => reached_on !== null);
  const open = achievements.filter(({ reached_on }) => reached_on === null).sort((a, b) => b.so_far / b.goal - a.so_far / a.goal);
  return (
    <section class="card" aria-labelledby="achievements_title">
      <h2 id="achievements_title" class="card__title">
        {t("achievements.title", { count: reached.length, all: achievements.length })}
      </h2>
      <ul class="achievements">
        {[...reached, ...open.slice(0, NEAREST)].map((achievement) => (
          <Item key={achievement.id} achievement={achievement} />
        ))}
      </ul>
      {open.length > NEAREST && (
        <details class="more">
          <summary>{t("history.more")}</summary>
          <ul class="achievements">
            {open.slice(NEAREST).map((achievement) => (
              <Item key={achievement.id} achievement={achievement} />
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
