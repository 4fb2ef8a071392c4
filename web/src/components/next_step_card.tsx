import type { PronunciationReport } from "@speechcoach/client";
import type { Player } from "../audio/player";
import { locale, t } from "../i18n";
import { formatNumber } from "../i18n/numbers";
import { soundHint, written } from "../i18n/phones";
import { nextStep, toldKind, type NextStep } from "../state/next_step";
import { wasSaid } from "../state/spoken";
import { PlayIcon, TargetIcon } from "./icons";
import { ModelButtons } from "./model_buttons";

function sentenceOf(step: NextStep): string {
  return t(`next.${toldKind(step.kind, step.heard)}`, {
    word: step.text,
    sound: written(step.phone),
    heard: written(step.heard),
    seconds: formatNumber(step.value, 1),
  });
}

// The one thing to work on, with the word to hear and say again.
export function NextStepCard({ report, player }: { report: PronunciationReport; player: Player | null }) {
  const step = nextStep(report);
  const word = step.word === null ? undefined : report.words[step.word];
  const hint = step.phone === "" ? "" : soundHint(step.phone, locale.value);
  return (
    <section class="card next_step" aria-labelledby="next_title">
      <h2 id="next_title" class="card__title">
        <TargetIcon />
        {t("next.title")}
      </h2>
      <p class="next_step__text">{sentenceOf(step)}</p>
      {hint !== "" && <p>{hint}</p>}
      {word !== undefined && (
        <div class="word_panel__actions">
          {player !== null && wasSaid(word) && (
            <button type="button" class="button" onClick={() => player.playWord(word)}>
              <PlayIcon />
              {t("sounds.mine")}
            </button>
          )}
          <ModelButtons text={word.text} />
        </div>
      )}
    </section>
  );
}
