import { useEffect, useRef } from "preact/hooks";
import type { Scores, Stage } from "../api/types";
import { FactsCard } from "../components/facts_card";
import { FeedbackCard } from "../components/feedback_card";
import { RepeatIcon } from "../components/icons";
import { Notice } from "../components/notice";
import { PitchCard } from "../components/pitch_card";
import { PronunciationCard } from "../components/pronunciation_card";
import { ReferenceCard } from "../components/reference_card";
import { ScoreCard } from "../components/scores";
import { TranscriptCard } from "../components/transcript_card";
import { t, type TextKey } from "../i18n";
import { formatNumber } from "../i18n/numbers";
import type { Outcome } from "../state/outcome";
import type { Practice } from "../state/practice";

function partialText(stage: Stage): TextKey {
  if (stage === "transcribing") return "result.partial.transcribing";
  return stage === "prosody" ? "result.partial.prosody" : "result.partial.other";
}

function Caveats({ practice, outcome }: { practice: Practice; outcome: Outcome }) {
  const failed = outcome.failedStages.filter((stage) => stage !== "feedback");
  return (
    <>
      {outcome.degraded && <Notice tone="warning" title={t("result.degraded.title")} text={t("result.degraded.text")} />}
      {failed.length > 0 && (
        <Notice tone="warning" title={t("result.partial.title")} text={failed.map((stage) => t(partialText(stage))).join(" ")}>
          <button type="button" class="button" onClick={() => void practice.analyseAgain()}>
            {t("result.partial.retry")}
          </button>
        </Notice>
      )}
    </>
  );
}

export function ResultView({ practice, outcome, before }: { practice: Practice; outcome: Outcome; before: Scores | null }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [outcome]);
  const { sentence } = practice.task;
  const player = practice.player.value;
  return (
    <section class="result" aria-labelledby="result_title">
      <div class="result__head">
        <h1 id="result_title" class="section_title" tabIndex={-1} ref={heading}>
          {t("result.title")}
        </h1>
        <p class="hint">{t("result.processing", { seconds: formatNumber(outcome.processingMs / 1000, 1) })}</p>
      </div>
      <Caveats practice={practice} outcome={outcome} />
      <div class="result__columns">
        <div class="result__column">
          <ScoreCard scores={outcome.scores} before={before} />
          <FeedbackCard feedback={outcome.feedback} />
        </div>
        <div class="result__column">
          {sentence !== null && <ReferenceCard reference={sentence.text} words={outcome.words} miscues={outcome.miscues} />}
          {outcome.pronunciation !== null && <PronunciationCard report={outcome.pronunciation} player={player} />}
          <TranscriptCard words={outcome.words} text={outcome.text} player={player} />
          {outcome.prosody !== null && (
            <>
              <PitchCard prosody={outcome.prosody} words={outcome.words} player={player} />
              <FactsCard prosody={outcome.prosody} />
            </>
          )}
        </div>
      </div>
      <div class="result__actions">
        <button type="button" class="button button--primary button--large" aria-keyshortcuts="Space" onClick={() => void practice.record()}>
          <RepeatIcon />
          {t("result.again")}
        </button>
        <a class="button button--large" href="#/">
          {t("result.another")}
        </a>
      </div>
    </section>
  );
}
