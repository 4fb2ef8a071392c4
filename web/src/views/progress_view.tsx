import { useEffect, useState } from "preact/hooks";
import type { Achievement, Habits, Progress, Trends } from "@speechcoach/client";
import { AchievementsCard } from "../components/achievements_card";
import { HabitsCard } from "../components/habits_card";
import { FlameIcon } from "../components/icons";
import { Loading } from "../components/loading";
import { Notice } from "../components/notice";
import { PracticeCalendar, WEEKS_SHOWN } from "../components/practice_calendar";
import { qualityOf } from "../components/quality";
import { TrendCard } from "../components/trend_card";
import { locale, t } from "../i18n";
import { formatMinutes, formatNumber, formatScore } from "../i18n/numbers";
import { soundHint, written } from "../i18n/phones";
import { client } from "../state/app";

function Today({ progress }: { progress: Progress }) {
  const { minutes, goal_minutes, is_goal_met } = progress.today;
  return (
    <section class="card today" aria-labelledby="today_title">
      <h2 id="today_title" class="card__title">
        <FlameIcon />
        {t("progress.streak", { count: progress.current_streak_days })}
      </h2>
      <p class="muted">{t("progress.longest", { count: progress.longest_streak_days })}</p>
      <progress class="stages__bar" max={goal_minutes} value={Math.min(minutes, goal_minutes)} aria-label={t("progress.goal")} />
      <p>{t(is_goal_met ? "progress.goal.met" : "progress.goal.open", { minutes: formatMinutes(minutes), goal: goal_minutes })}</p>
    </section>
  );
}

function Totals({ progress }: { progress: Progress }) {
  const { averages, score_trend } = progress;
  return (
    <section class="card" aria-labelledby="totals_title">
      <h2 id="totals_title" class="card__title">
        {t("progress.totals")}
      </h2>
      <dl class="facts">
        <div class="fact">
          <dt>{t("progress.sessions")}</dt>
          <dd>{formatNumber(progress.total_sessions, 0)}</dd>
        </div>
        <div class="fact">
          <dt>{t("progress.minutes")}</dt>
          <dd>{formatMinutes(progress.total_practice_minutes)}</dd>
        </div>
        {averages !== null && (
          <div class="fact">
            <dt>{t("progress.average")}</dt>
            <dd>{formatScore(averages.overall)}</dd>
          </div>
        )}
        {score_trend !== null && (
          <div class="fact">
            <dt>{t("progress.trend")}</dt>
            <dd>
              {score_trend >= 0 ? "+" : "−"}
              {formatNumber(Math.abs(score_trend), 2)}
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}

function WeakSounds({ sounds }: { sounds: Progress["weak_areas"]["sounds"] }) {
  if (sounds.length === 0) return null;
  return (
    <section class="card" aria-labelledby="weak_sounds_title">
      <h2 id="weak_sounds_title" class="card__title">
        {t("progress.sounds")}
      </h2>
      <ul class="weak_list">
        {sounds.map(({ sound, faults, chances, score }) => (
          <li key={sound} class="weak">
            <span class={`score_chip score_chip--${qualityOf(score)}`}>{written(sound)}</span>
            <span>
              <span class="weak__count">{t("progress.faults", { faults, chances })}</span>
              <span class="muted">{soundHint(sound, locale.value)}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function WeakWords({ words }: { words: Progress["weak_areas"]["words"] }) {
  if (words.length === 0) return null;
  return (
    <section class="card" aria-labelledby="weak_words_title">
      <h2 id="weak_words_title" class="card__title">
        {t("progress.words")}
      </h2>
      <ul class="chips">
        {words.map(({ word, faults, chances }) => (
          <li key={word} class="chip" lang="en" title={t("progress.faults", { faults, chances })}>
            {word}
          </li>
        ))}
      </ul>
    </section>
  );
}

const DAY_MS = 86_400_000;

// A whole number of weeks ago, so that the calendar's columns are full.
function firstDay(): string {
  return new Date(Date.now() - (7 * WEEKS_SHOWN - 1) * DAY_MS).toISOString().slice(0, 10);
}

type State = { name: "loading" } | { name: "failed" } | { name: "loaded"; progress: Progress; days: Trends; achievements: readonly Achievement[]; habits: Habits };

export function ProgressView() {
  const [state, setState] = useState<State>({ name: "loading" });
  const load = () => {
    setState({ name: "loading" });
    Promise.all([client.progress(), client.trends("day", firstDay()), client.achievements(), client.habits()]).then(
      ([progress, days, achievements, habits]) => setState({ name: "loaded", progress, days, achievements, habits }),
      () => setState({ name: "failed" }),
    );
  };
  useEffect(load, [locale.value]);
  return (
    <section aria-labelledby="progress_title">
      <h1 id="progress_title" class="page_title">
        {t("nav.progress")}
      </h1>
      {state.name === "loading" && <Loading />}
      {state.name === "failed" && (
        <Notice tone="error" title={t("home.unreachable.title")} text={t("home.unreachable.text")}>
          <button type="button" class="button button--primary" onClick={load}>
            {t("home.retry")}
          </button>
        </Notice>
      )}
      {state.name === "loaded" && (
        <div class="result__columns">
          <div class="result__column">
            <Today progress={state.progress} />
            <PracticeCalendar days={state.days} />
            <Totals progress={state.progress} />
          </div>
          <div class="result__column">
            <TrendCard trends={state.days} />
            <HabitsCard found={state.habits} />
            <AchievementsCard achievements={state.achievements} />
            <WeakSounds sounds={state.progress.weak_areas.sounds} />
            <WeakWords words={state.progress.weak_areas.words} />
          </div>
        </div>
      )}
    </section>
  );
}
