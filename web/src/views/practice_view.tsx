import { effect, untracked } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { Sentence } from "@speechcoach/client";
import { BackIcon } from "../components/icons";
import { Notice } from "../components/notice";
import { StageProgress } from "../components/stage_progress";
import { t } from "../i18n";
import { isPractising, sentences, startPractice } from "../state/app";
import type { Practice } from "../state/practice";
import { markDone } from "../state/today";
import { HomeView } from "./home_view";
import { FailureNotice } from "./failure_notice";
import { ConversationPrompt, SentencePrompt } from "./prompt_card";
import { ActiveRecorder, IdleRecorder } from "./recorder";
import { ResultView } from "./result_view";
import { TopicList } from "./topic_list";

const INTERACTIVE = "button, a, input, select, textarea, summary";

// Space starts and stops, Escape gives up; where a control has the focus, Space is the control's.
export function useKeys(practice: Practice, mayRecord = () => true): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { name } = practice.phase.value;
      if (event.key === "Escape" && (name === "recording" || name === "asking")) practice.cancel();
      if (event.key !== " " || event.repeat || (event.target as Element).closest(INTERACTIVE) !== null) return;
      event.preventDefault();
      if (name === "recording") void practice.stop();
      else if (mayRecord() && (name === "ready" || name === "done" || name === "failed")) void practice.record();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [practice]);
}

// Everything from "press to speak" to the result.
export function PracticeStage({ practice, canUpload = true }: { practice: Practice; canUpload?: boolean }) {
  const phase = practice.phase.value;
  switch (phase.name) {
    case "ready":
    case "asking":
      return <IdleRecorder practice={practice} asking={phase.name === "asking"} canUpload={canUpload} />;
    case "recording":
      return <ActiveRecorder practice={practice} connection={phase.connection} />;
    case "sending":
      return (
        <section class="card stages" role="status">
          <h2 class="stages__title">{t("record.sending")}</h2>
          <progress class="stages__bar" aria-label={t("record.sending")} />
        </section>
      );
    case "analysing": {
      const heard = practice.transcription.value?.text ?? "";
      return (
        <section class="card">
          <StageProgress
            stage={phase.stage}
            percent={phase.percent}
            ahead={phase.ahead}
            hasWords={practice.transcription.value?.is_final === true}
            hasProsody={practice.prosody.value !== null}
          />
          {heard !== "" && (
            <p class="heard">
              <span class="muted">{t("stage.heard")}</span> <q lang="en">{heard}</q>
            </p>
          )}
        </section>
      );
    }
    case "failed":
      return (
        <>
          <FailureNotice practice={practice} failure={phase.failure} canSend={phase.canSend} />
          <IdleRecorder practice={practice} asking={false} canUpload={canUpload} />
        </>
      );
    case "done":
      return (
        <>
          {practice.isCut.value && <Notice tone="warning" title={t("result.cut.title")} text={t("result.cut.text")} />}
          <ResultView
            outcome={phase.outcome}
            before={phase.before}
            reference={practice.task.sentence?.text ?? ""}
            player={practice.player.value}
            onAgain={() => void practice.record()}
            onAnalyseAgain={() => void practice.analyseAgain()}
          />
        </>
      );
  }
}

const BUSY = ["asking", "recording", "sending", "analysing"];

export function isBusy(practice: Practice): boolean {
  return BUSY.includes(practice.phase.value.name);
}

// A practice of its own for the time the component is there; null is free speech.
export function usePractice(sentence: Sentence | null): Practice {
  const practice = useMemo(() => startPractice({ mode: sentence === null ? "conversation" : "sentence_practice", sentence }), [sentence]);
  useEffect(() => {
    const stopTelling = effect(() => {
      isPractising.value = isBusy(practice);
      if (sentence !== null && practice.phase.value.name === "done") untracked(() => markDone(sentence.id));
    });
    return () => {
      stopTelling();
      isPractising.value = false;
      practice.dispose();
    };
  }, [practice]);
  useKeys(practice);
  return practice;
}

function PracticeView({ sentence }: { sentence: Sentence | null }) {
  const practice = usePractice(sentence);
  const busy = isBusy(practice);
  return (
    <div class="practice">
      {!busy && (
        <a class="back" href="/">
          <BackIcon />
          {t("practice.back")}
        </a>
      )}
      <div hidden={practice.phase.value.name === "done"}>
        {sentence === null ? <ConversationPrompt speaking={busy} /> : <SentencePrompt sentence={sentence} speaking={busy} />}
      </div>
      <PracticeStage practice={practice} />
      {sentence === null && practice.phase.value.name === "ready" && <TopicList />}
    </div>
  );
}

export function ConversationView() {
  return <PracticeView sentence={null} />;
}

// A sentence that the server does not have leads to the choice.
export function SentenceView({ params }: { params: { id: string } }) {
  const state = sentences.value;
  const sentence = state.name === "loaded" ? state.all.find(({ id }) => String(id) === params.id) : undefined;
  return sentence === undefined ? <HomeView /> : <PracticeView key={sentence.id} sentence={sentence} />;
}
