import type { Sentence } from "@speechcoach/client";
import { t } from "../i18n";
import { todaysFive } from "../state/path";
import { doneToday, TODAY_COUNT } from "../state/today";
import { CheckIcon, ForwardIcon, SparkIcon } from "./icons";

// Stands where the card will be: nothing moves when it comes.
export function TodayWaiting() {
  return <div class="card today_five today_five--waiting" aria-hidden="true" />;
}

// What to practise today, with what is done already.
export function TodayCard({ all }: { all: readonly Sentence[] }) {
  const sentences = todaysFive(all);
  if (sentences === null) return <TodayWaiting />;
  if (sentences.length < TODAY_COUNT) return null;
  const done = doneToday();
  const count = sentences.filter(({ id }) => done.includes(id)).length;
  return (
    <section class="card today_five" aria-labelledby="today_five_title">
      <div class="card__head">
        <h2 id="today_five_title" class="card__title">
          <SparkIcon />
          {t("today.title")}
        </h2>
        <span class="badge">
          {count} / {TODAY_COUNT}
        </span>
      </div>
      {count === TODAY_COUNT && <p class="muted">{t("today.done")}</p>}
      <ol class="today_five__list">
        {sentences.map(({ id, text }) => {
          const isDone = done.includes(id);
          return (
            <li key={id}>
              <a class={`today_five__link${isDone ? " today_five__link--done" : ""}`} href={`/sentence/${id}`}>
                <span class="stages__mark">{isDone && <CheckIcon />}</span>
                <span class="today_five__text" lang="en">
                  {text}
                </span>
                {isDone && <span class="visually_hidden">, {t("stage.done")}</span>}
                <ForwardIcon />
              </a>
            </li>
          );
        })}
      </ol>
      <a class="button button--quiet today_five__path" href="/path">
        {t("path.open")}
        <ForwardIcon />
      </a>
    </section>
  );
}
