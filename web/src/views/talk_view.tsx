import { effect } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Coach, Topic } from "@speechcoach/client";
import { BackIcon } from "../components/icons";
import { Loading } from "../components/loading";
import { ModelButtons } from "../components/model_buttons";
import { Notice } from "../components/notice";
import { t } from "../i18n";
import { formatNumber } from "../i18n/numbers";
import { isPractising, practiceParts } from "../state/app";
import { level } from "../state/level";
import { Talk, type Exchange } from "../state/talk";
import { isBusy, PracticeStage, useKeys } from "./practice_view";
import { IdleRecorder } from "./recorder";
import { useTopics } from "./topic_list";

function Corrections({ coach }: { coach: Coach }) {
  if (coach.corrections.length === 0) return null;
  return (
    <ul class="talk__corrections">
      {coach.corrections.map(({ said, better, why_vi }) => (
        <li key={said}>
          {better !== "" && (
            <p lang="en">
              <del>{said}</del> <ins>{better}</ins>
            </p>
          )}
          <p class="muted" lang="vi">
            {why_vi}
          </p>
        </li>
      ))}
    </ul>
  );
}

function ExchangeItem({ exchange, isNewest, busy }: { exchange: Exchange; isNewest: boolean; busy: boolean }) {
  const { coach, heard, overall } = exchange;
  return (
    <>
      <li class="talk__coach">
        <span class="visually_hidden">{t("talk.coach")}</span>
        <Corrections coach={coach} />
        <p class="talk__words" lang="en">
          {coach.say}
        </p>
        {isNewest && !busy && (
          <>
            {coach.help_vi !== "" && (
              <p class="talk__help" lang="vi">
                {coach.help_vi}
              </p>
            )}
            <div class="model_buttons">
              <ModelButtons text={coach.say} />
            </div>
          </>
        )}
      </li>
      {heard !== null && (
        <li class="talk__learner">
          <span class="visually_hidden">{t("talk.you")}</span>
          <p class="talk__words" lang="en">
            {heard}
          </p>
          {overall !== null && <span class="badge">{t("talk.score", { score: formatNumber(overall, 1) })}</span>}
        </li>
      )}
    </>
  );
}

// The recorder of the next answer, or the way on where the coach has said goodbye.
function Answering({ talk }: { talk: Talk }) {
  const { practice } = talk;
  const phase = practice.phase.value.name;
  if (phase !== "done" && phase !== "ready") return <PracticeStage practice={practice} canUpload={false} />;
  if (!talk.isOver) return <IdleRecorder practice={practice} asking={false} canUpload={false} />;
  return (
    <section class="card talk__end" role="status">
      <p>{t("talk.over")}</p>
      <a class="button button--primary" href={`/history/${talk.sessionId.value ?? ""}`}>
        {t("talk.result")}
      </a>
      <a class="button" href="/conversation">
        {t("talk.another")}
      </a>
    </section>
  );
}

export function TalkStage({ talk }: { talk: Talk }) {
  const busy = isBusy(talk.practice);
  const exchanges = talk.exchanges.value;
  const end = useRef<HTMLDivElement>(null);
  useKeys(talk.practice, () => !talk.isOver);
  useEffect(() => end.current?.scrollIntoView({ block: "nearest" }), [exchanges.length]);
  return (
    <>
      <ol class="talk" aria-live="polite">
        {exchanges.map((exchange, index) => (
          <ExchangeItem key={exchange.turn} exchange={exchange} isNewest={index === exchanges.length - 1} busy={busy} />
        ))}
      </ol>
      <div ref={end} />
      <Answering talk={talk} />
    </>
  );
}

function TopicTalk({ topic }: { topic: Topic }) {
  const talk = useMemo(() => new Talk(topic, level.value ?? "A2", practiceParts()), [topic]);
  useEffect(() => {
    const stopTelling = effect(() => {
      isPractising.value = isBusy(talk.practice);
    });
    return () => {
      stopTelling();
      isPractising.value = false;
      talk.dispose();
    };
  }, [talk]);
  return (
    <div class="practice">
      {!isBusy(talk.practice) && (
        <a class="back" href="/conversation">
          <BackIcon />
          {t("talk.back")}
        </a>
      )}
      <h1 class="section_title">{topic.title_vi}</h1>
      <TalkStage talk={talk} />
    </div>
  );
}

export function TalkView({ params }: { params: { topic: string } }) {
  const topics = useTopics();
  if (topics.name === "loading") return <Loading />;
  const topic = topics.name === "loaded" ? topics.all.find(({ id }) => id === params.topic) : undefined;
  if (topic !== undefined) return <TopicTalk key={topic.id} topic={topic} />;
  return <Notice tone="error" title={t("talk.missing.title")} text={t("talk.missing.text")} />;
}
