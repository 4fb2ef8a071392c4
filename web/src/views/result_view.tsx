import { useEffect, useRef } from "preact/hooks";
import type { Scores, Stage } from "@speechcoach/client";
import type { Player } from "../audio/player";
import { DisputeCard } from "../components/dispute_card";
import { FactsCard } from "../components/facts_card";
import { FeedbackCard } from "../components/feedback_card";
import { RepeatIcon } from "../components/icons";
import { MelodyCard } from "../components/melody_card";
import { NextStepCard } from "../components/next_step_card";
import { Notice } from "../components/notice";
import { PitchCard } from "../components/pitch_card";
import { ScoreReasons } from "../components/score_reasons";
import { ScoreCard } from "../components/scores";
import { ShareButton } from "../components/share_button";
import { SoundsCard } from "../components/sounds_card";
import { StarsCard } from "../components/stars_card";
import { TranscriptCard } from "../components/transcript_card";
import { t, type TextKey } from "../i18n";
import { formatNumber } from "../i18n/numbers";
import type { Outcome } from "../state/outcome";
import { isReadingOf } from "../state/spoken";

function partialText(stage: Stage): TextKey {
  if (stage === "transcribing") return "result.partial.transcribing";
  return stage === "prosody" ? "result.partial.prosody" : "result.partial.other";
}

function Caveats({ outcome, onAnalyseAgain }: { outcome: Outcome; onAnalyseAgain: (() => void) | undefined }) {
  const failed = outcome.failedStages.filter((stage) => stage !== "feedback");
  return (
    <>
      {outcome.degraded && <Notice tone="warning" title={t("result.degraded.title")} text={t("result.degraded.text")} />}
      {failed.length > 0 && (
        <Notice tone="warning" title={t("result.partial.title")} text={failed.map((stage) => t(partialText(stage))).join(" ")}>
          {onAnalyseAgain !== undefined && (
            <button type="button" class="button" onClick={onAnalyseAgain}>
              {t("result.partial.retry")}
            </button>
          )}
        </Notice>
      )}
    </>
  );
}

// Another text was said than the one to be read. `share`: of its words that were heard.
function OtherText({ share, heard }: { share: number; heard: string }) {
  const text = (
    <>
      {t("result.other_text.text", { percent: formatNumber(share * 100, 0) })}{" "}
      {heard !== "" && (
        <>
          {t("stage.heard")} <q lang="en">{heard}</q>
        </>
      )}
    </>
  );
  return <Notice tone="warning" title={t("result.other_text.title")} text={text} />;
}

interface ResultViewProps {
  outcome: Outcome;
  // Scores of the attempt before, to compare with.
  before: Scores | null;
  // The sentence to be read; empty where the learner spoke freely.
  reference: string;
  player: Player | null;
  // False where it is a learner's, heard by the teacher: nothing is shared, and no model voice reads over it.
  isOwn?: boolean;
  // Speaks once more at once; where this is missing the result is one of the past.
  onAgain?: () => void;
  onAnalyseAgain?: () => void;
}

export function ResultView({ outcome, before, reference, player, isOwn = true, onAgain, onAnalyseAgain }: ResultViewProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [outcome]);
  const report = outcome.pronunciation;
  const otherText = report?.reasons.find(({ kind }) => kind === "not_this_text");
  const isOtherLanguage = report?.reasons.some(({ kind }) => kind === "no_english_speech") ?? false;
  return (
    <section class="result" aria-labelledby="result_title">
      <div class="result__head">
        <h1 id="result_title" class="section_title" tabIndex={-1} ref={heading}>
          {t(isOwn ? "result.title" : "result.title.learner")}
        </h1>
        {isOwn && <ShareButton outcome={outcome} reference={reference} />}
      </div>
      <Caveats outcome={outcome} onAnalyseAgain={onAnalyseAgain} />
      {isOtherLanguage && <Notice tone="warning" title={t("result.language.title")} text={t("result.language.text")} />}
      {otherText !== undefined && <OtherText share={otherText.value} heard={outcome.text} />}
      <div class="result__columns">
        <div class="result__column">
          <ScoreCard scores={outcome.scores} before={before}>
            {report !== null && <ScoreReasons report={report} player={player} />}
          </ScoreCard>
          {report !== null && <NextStepCard report={report} player={player} />}
          <FeedbackCard feedback={outcome.feedback} />
        </div>
        <div class="result__column">
          {report !== null && !isOtherLanguage && <SoundsCard report={report} prosody={outcome.prosody} player={player} isReading={reference !== ""} />}
          {(report === null || reference !== "") && <TranscriptCard words={outcome.words} text={outcome.text} player={player} isMain={report === null} />}
          {isOwn && reference !== "" && isReadingOf(report) && <MelodyCard text={reference} sessionId={outcome.sessionId} />}
          {outcome.prosody !== null && (
            <>
              <PitchCard prosody={outcome.prosody} words={outcome.words} player={player} />
              <FactsCard prosody={outcome.prosody} />
            </>
          )}
        </div>
      </div>
      {isOwn && <StarsCard sessionId={outcome.sessionId} />}
      {isOwn && <DisputeCard sessionId={outcome.sessionId} />}
      {onAgain !== undefined && (
        <div class="result__actions">
          <button type="button" class="button button--primary button--large" aria-keyshortcuts="Space" onClick={onAgain}>
            <RepeatIcon />
            {t("result.again")}
          </button>
          <a class="button button--large" href="/">
            {t("result.another")}
          </a>
        </div>
      )}
    </section>
  );
}
