import type { Sentence } from "../api/types";
import { FocusChips } from "../components/focus_chips";
import { BookIcon, ForwardIcon, MicrophoneIcon, TargetIcon } from "../components/icons";
import { Notice } from "../components/notice";
import { t, textOf } from "../i18n";
import { chosenLevel, chosenTopic, loadSentences, sentences } from "../state/app";
import { level, LEVELS } from "../state/level";


function ConversationCard() {
  return (
    <a class="card conversation" href="/conversation">
      <span class="conversation__icon">
        <MicrophoneIcon />
      </span>
      <span class="conversation__body">
        <strong class="conversation__title">{t("home.conversation.title")}</strong>
        <span class="conversation__text">{t("home.conversation.text")}</span>
      </span>
      <span class="conversation__start">
        {t("home.conversation.start")}
        <ForwardIcon />
      </span>
    </a>
  );
}

// Until somebody has a level.
function PlacementCard() {
  if (level.value !== null) return null;
  return (
    <a class="card placement_card" href="/placement">
      <TargetIcon />
      <span class="placement_card__body">
        <strong>{t("placement.title")}</strong>
        <span class="muted">{t("placement.text")}</span>
      </span>
      <ForwardIcon />
    </a>
  );
}

function Filters({ topics }: { topics: readonly string[] }) {
  return (
    <div class="filters">
      <div class="filters__levels" role="group" aria-label={t("home.filter.level")}>
        {[null, ...LEVELS].map((choice) => (
          <button
            key={choice}
            type="button"
            class="filter"
            aria-pressed={chosenLevel.value === choice}
            title={choice === null ? undefined : t(`level.${choice}`)}
            onClick={() => (chosenLevel.value = choice)}
          >
            {choice ?? t("home.filter.all")}
          </button>
        ))}
      </div>
      <label class="filters__topic">
        <span class="visually_hidden">{t("home.filter.topic")}</span>
        <select value={chosenTopic.value ?? ""} onChange={(event) => (chosenTopic.value = event.currentTarget.value || null)}>
          <option value="">{t("home.filter.any_topic")}</option>
          {topics.map((topic) => (
            <option key={topic} value={topic}>
              {textOf(`topic.${topic}`, topic)}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

function SentenceItem({ sentence }: { sentence: Sentence }) {
  return (
    <li class="sentence">
      <a class="card sentence__link" href={`/sentence/${sentence.id}`}>
        <span class="sentence__head">
          <span class="badge" title={t(`level.${sentence.level}`)}>
            {sentence.level}
          </span>
          <span class="sentence__topic">{textOf(`topic.${sentence.topic}`, sentence.topic)}</span>
        </span>
        <span class="sentence__text" lang="en">
          {sentence.text}
        </span>
        <span class="sentence__meaning" lang="vi">
          {sentence.text_vi}
        </span>
      </a>
      <FocusChips sounds={sentence.focus_sounds} />
    </li>
  );
}

function SentenceList({ all }: { all: readonly Sentence[] }) {
  const wanted = chosenLevel.value;
  const topic = chosenTopic.value;
  const topics = [...new Set(all.map((sentence) => sentence.topic))];
  const chosen = all.filter((sentence) => (wanted === null || sentence.level === wanted) && (topic === null || sentence.topic === topic));
  return (
    <>
      <Filters topics={topics} />
      <p class="sentences__count" role="status">
        {chosen.length > 0 ? t("home.sentences.count", { count: chosen.length }) : t("home.sentences.none")}
      </p>
      <ul class="sentences__list">
        {chosen.map((sentence) => (
          <SentenceItem key={sentence.id} sentence={sentence} />
        ))}
      </ul>
    </>
  );
}

function RetryNotice({ title, text }: { title: string; text: string }) {
  return (
    <Notice tone="error" title={title} text={text}>
      <button type="button" class="button button--primary" onClick={() => void loadSentences()}>
        {t("home.retry")}
      </button>
    </Notice>
  );
}

function Sentences() {
  const state = sentences.value;
  switch (state.name) {
    case "loading":
      return (
        <p class="muted" role="status">
          {t("home.sentences.loading")}
        </p>
      );
    case "unreachable":
      return <RetryNotice title={t("home.unreachable.title")} text={t("home.unreachable.text")} />;
    case "refused":
      return <RetryNotice title={t("home.refused.title")} text={state.message || t("home.refused.text")} />;
    case "loaded":
      return <SentenceList all={state.all} />;
  }
}

export function HomeView() {
  return (
    <>
      <section class="hero">
        <h1 class="hero__title">{t("home.title")}</h1>
        <p class="hero__lead">{t("home.lead")}</p>
      </section>
      <PlacementCard />
      <ConversationCard />
      <section class="sentences" aria-labelledby="sentences_title">
        <h2 id="sentences_title" class="section_title">
          <BookIcon />
          {t("home.sentences.title")}
        </h2>
        <p class="section_lead">{t("home.sentences.text")}</p>
        <Sentences />
      </section>
    </>
  );
}
