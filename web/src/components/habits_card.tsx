import type { Habit, Habits } from "@speechcoach/client";
import { t } from "../i18n";
import { formatNumber } from "../i18n/numbers";
import { habitTrend } from "../state/habits";
import { habitName, PairButtons } from "./habit_parts";

// As many as one can work on at a time.
const SHOWN_AT_ONCE = 3;

function Share({ name, share }: { name: string; share: number }) {
  const percent = formatNumber(share * 100, 0);
  return (
    <div class="habit_share">
      <dt>{name}</dt>
      <dd>
        <span class="habit_share__track" aria-hidden="true">
          <span class="habit_share__fill" style={{ inlineSize: `${Math.min(100, share * 100)}%` }} />
        </span>
        {percent}%
      </dd>
    </div>
  );
}

function Course({ habit }: { habit: Habit }) {
  const trend = habitTrend(habit);
  if (trend === null) return null;
  return (
    <>
      <dl class="habit_course">
        <Share name={t("habit.earlier")} share={habit.earlier_share} />
        <Share name={t("habit.recent")} share={habit.recent_share} />
      </dl>
      <p class={`habit_trend habit_trend--${trend}`}>{t(`habit.trend.${trend}`)}</p>
    </>
  );
}

function Item({ habit }: { habit: Habit }) {
  const { ipa, heard_ipa, region, times, chances, recordings, words, tip, pairs } = habit;
  return (
    <li class="learner_habit">
      <h3 class="points__title">{habitName(ipa, heard_ipa)}</h3>
      <p class="muted">
        {t(ipa === null ? "habit.count.added" : "habit.count", { times, chances, recordings })}
        {region !== null && ` ${t(`habit.region.${region}`)}`}
      </p>
      <Course habit={habit} />
      <p>{tip}</p>
      {words.length > 0 && (
        <p class="muted">
          {t("habit.words")} <span lang="en">{words.join(", ")}</span>
        </p>
      )}
      <PairButtons pairs={pairs} />
    </li>
  );
}

function Items({ habits }: { habits: readonly Habit[] }) {
  return (
    <ul class="learner_habits">
      {habits.map((habit) => (
        <Item key={habit.id} habit={habit} />
      ))}
    </ul>
  );
}

// What a Vietnamese tongue makes of English sounds again and again, and whether that gets better.
export function HabitsCard({ found }: { found: Habits }) {
  const { recordings, habits } = found;
  if (recordings === 0) return null;
  return (
    <section class="card" aria-labelledby="habits_title">
      <h2 id="habits_title" class="card__title">
        {t("sounds.habits")}
      </h2>
      <p class="card__lead">{t(habits.length === 0 ? "habit.none" : "habit.lead", { count: recordings })}</p>
      <Items habits={habits.slice(0, SHOWN_AT_ONCE)} />
      {habits.length > SHOWN_AT_ONCE && (
        <details class="more">
          <summary>{t("history.more")}</summary>
          <Items habits={habits.slice(SHOWN_AT_ONCE)} />
        </details>
      )}
    </section>
  );
}
