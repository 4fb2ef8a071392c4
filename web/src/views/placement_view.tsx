import { effect } from "@preact/signals";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Sentence } from "@speechcoach/client";
import { BackIcon, CheckIcon } from "../components/icons";
import { Loading } from "../components/loading";
import { t } from "../i18n";
import { chosenLevel, client, sentences } from "../state/app";
import { setLevel } from "../state/level";
import { nextLevel, PLACEMENT_STEPS, placedLevel, placementSentence, type Attempt } from "../state/placement";
import { isBusy, PracticeStage, usePractice } from "./practice_view";
import { SentencePrompt } from "./prompt_card";

function Step({ sentence, onScored }: { sentence: Sentence; onScored: (attempt: Attempt) => void }) {
  const practice = usePractice(sentence);
  useEffect(
    () =>
      effect(() => {
        const phase = practice.phase.value;
        if (phase.name === "done") onScored({ level: sentence.level, scores: phase.outcome.scores });
      }),
    [practice],
  );
  return (
    <>
      <SentencePrompt sentence={sentence} speaking={isBusy(practice)} />
      {practice.phase.value.name !== "done" && <PracticeStage practice={practice} />}
    </>
  );
}

function Placed({ attempts }: { attempts: readonly Attempt[] }) {
  const level = placedLevel(attempts);
  useEffect(() => {
    setLevel(level);
    chosenLevel.value = level;
    // Without an answer the device alone knows it.
    void client.setLevel(level).catch(() => undefined);
  }, [level]);
  return (
    <section class="card placed" role="status">
      <CheckIcon />
      <h1 class="page_title">{t("placement.done", { level })}</h1>
      <p class="placed__name">{t(`level.${level}`)}</p>
      <p class="muted">{t("placement.done.text")}</p>
      <a class="button button--primary button--large" href="/">
        {t("placement.begin")}
      </a>
    </section>
  );
}

// The first visit: three sentences that set the level.
export function PlacementView() {
  const [attempts, setAttempts] = useState<readonly Attempt[]>([]);
  const [used, setUsed] = useState<readonly number[]>([]);
  const state = sentences.value;
  const all = state.name === "loaded" ? state.all : [];
  const sentence = useMemo(() => placementSentence(all, nextLevel(attempts), used), [all, attempts]);
  if (attempts.length === PLACEMENT_STEPS) return <Placed attempts={attempts} />;
  if (sentence === undefined) return <Loading />;
  return (
    <div class="practice">
      <a class="back" href="/">
        <BackIcon />
        {t("placement.skip")}
      </a>
      <div class="placement__step">
        <p role="status">{t("placement.step", { step: attempts.length + 1, steps: PLACEMENT_STEPS })}</p>
        <progress class="stages__bar" max={PLACEMENT_STEPS} value={attempts.length} aria-label={t("placement.title")} />
      </div>
      <Step
        key={sentence.id}
        sentence={sentence}
        onScored={(attempt) => {
          setUsed([...used, sentence.id]);
          setAttempts([...attempts, attempt]);
        }}
      />
    </div>
  );
}
