import type { LearningPath } from "@speechcoach/client";
import { BackIcon, ForwardIcon } from "../components/icons";
import { LoadedPart } from "../components/loaded_part";
import { qualityOf } from "../components/quality";
import { t } from "../i18n";
import { focusLabel } from "../i18n/focus";
import { formatDate, formatScore } from "../i18n/numbers";
import { written } from "../i18n/phones";
import { client } from "../state/app";
import { useLoaded } from "../state/use_loaded";

const SHOWN = 20;

type Item = LearningPath["items"][number];

function reasonText({ reason, weak_focus, review }: Item): string {
  switch (reason) {
    case "weak_sound":
      return t("path.weak_sound", { sounds: weak_focus.map(focusLabel).join(", ") });
    case "ahead":
      return t("path.ahead", { day: review === null ? "" : formatDate(review.due_date) });
    default:
      return t(`path.${reason}`);
  }
}

function PathItem({ item }: { item: Item }) {
  const { sentence, review } = item;
  return (
    <li>
      <a class="card past" href={`/sentence/${sentence.id}`}>
        {review === null ? (
          <span class="score_chip" title={t(`level.${sentence.level}`)}>
            {sentence.level}
          </span>
        ) : (
          <span class={`score_chip score_chip--${qualityOf(review.last_score)}`} aria-label={t("history.score", { score: formatScore(review.last_score) })}>
            {formatScore(review.last_score)}
          </span>
        )}
        <span class="past__body">
          <span class="past__text" lang="en">
            {sentence.text}
          </span>
          <span class="past__facts">{reasonText(item)}</span>
        </span>
        <ForwardIcon />
      </a>
    </li>
  );
}

function Path({ path }: { path: LearningPath }) {
  return (
    <>
      <p class="section_lead">{t(path.due === 0 ? "path.lead" : "path.due_count", { count: path.due })}</p>
      {path.weak_sounds.length > 0 && (
        <ul class="chips" aria-label={t("progress.sounds")}>
          {path.weak_sounds.map(({ sound }) => (
            <li key={sound} class="chip">
              {written(sound)}
            </li>
          ))}
        </ul>
      )}
      <ol class="past_list">
        {path.items.map((item) => (
          <PathItem key={item.sentence.id} item={item} />
        ))}
      </ol>
    </>
  );
}

// What to read next, and why.
export function PathView() {
  const [state, reload] = useLoaded(() => client.learningPath(SHOWN), null);
  return (
    <section class="classes" aria-labelledby="path_title">
      <a class="back" href="/">
        <BackIcon />
        {t("practice.back")}
      </a>
      <h1 id="path_title" class="page_title">
        {t("path.title")}
      </h1>
      <LoadedPart state={state} reload={reload}>
        {(path) => <Path path={path} />}
      </LoadedPart>
    </section>
  );
}
