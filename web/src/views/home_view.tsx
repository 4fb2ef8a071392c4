import type { Signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import type { Sentence } from "@speechcoach/client";
import { AssignmentsCard } from "../components/assignments_card";
import { FocusChips } from "../components/focus_chips";
import { BookIcon, ForwardIcon, MicrophoneIcon, TargetIcon } from "../components/icons";
import { TodayCard, TodayWaiting } from "../components/today_card";
import { Notice } from "../components/notice";
import { t, textOf } from "../i18n";
import { focusLabel } from "../i18n/focus";
import { chosenLevel, chosenSound, chosenTopic, loadSentences, sentences } from "../state/app";
import { level, LEVELS } from "../state/level";
import { isInClass, loadMyClasses } from "../state/my_classes";
import { chooseTodaysFive } from "../state/path";

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

// As many as one looks through; the rest are a tap away.
const SHOWN_AT_ONCE = 12;

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

interface ChooseProps {
  name: string;
  any: string;
  chosen: Signal<string | null>;
  options: readonly { value: string; label: string }[];
}

function Choose({ name, any, chosen, options }: ChooseProps) {
  return (
    <label class="filters__choice">
      <span class="visually_hidden">{name}</span>
      <select value={chosen.value ?? ""} onChange={(event) => (chosen.value = event.currentTarget.value || null)}>
        <option value="">{any}</option>
        {options.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}

function Filters({ all }: { all: readonly Sentence[] }) {
  const topics = [...new Set(all.map((sentence) => sentence.topic))];
  const sounds = [...new Set(all.flatMap((sentence) => sentence.focus_sounds))];
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
      <div class="filters__choices">
        <Choose
          name={t("home.filter.topic")}
          any={t("home.filter.any_topic")}
          chosen={chosenTopic}
          options={topics.map((topic) => ({ value: topic, label: textOf(`topic.${topic}`, topic) }))}
        />
        <Choose
          name={t("home.filter.sound")}
          any={t("home.filter.any_sound")}
          chosen={chosenSound}
          options={sounds.map((sound) => ({ value: sound, label: focusLabel(sound) })).sort((one, other) => one.label.localeCompare(other.label))}
        />
      </div>
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
  const [shown, setShown] = useState(SHOWN_AT_ONCE);
  const wanted = chosenLevel.value;
  const topic = chosenTopic.value;
  const sound = chosenSound.value;
  const chosen = all.filter(
    (sentence) =>
      (wanted === null || sentence.level === wanted) && (topic === null || sentence.topic === topic) && (sound === null || sentence.focus_sounds.includes(sound)),
  );
  return (
    <>
      <Filters all={all} />
      <p class="sentences__count" role="status">
        {chosen.length > 0 ? t("home.sentences.count", { count: chosen.length }) : t("home.sentences.none")}
      </p>
      <ul class="sentences__list">
        {chosen.slice(0, shown).map((sentence) => (
          <SentenceItem key={sentence.id} sentence={sentence} />
        ))}
      </ul>
      {chosen.length > shown && (
        <button type="button" class="button more_button" onClick={() => setShown(shown + SHOWN_AT_ONCE)}>
          {t("history.more")}
        </button>
      )}
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
  // What was just read is no longer open; a new day or level has five others.
  useEffect(() => {
    void chooseTodaysFive();
    if (isInClass()) void loadMyClasses();
  }, []);
  return (
    <>
      <section class="hero">
        <h1 class="hero__title">{t("home.title")}</h1>
        <p class="hero__lead">{t("home.lead")}</p>
      </section>
      <PlacementCard />
      <AssignmentsCard />
      <div class="home__first">
        {sentences.value.name === "loading" && <TodayWaiting />}
        {sentences.value.name === "loaded" && <TodayCard all={sentences.value.all} />}
        <ConversationCard />
      </div>
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
