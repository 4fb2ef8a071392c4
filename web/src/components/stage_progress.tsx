import type { Stage } from "../api/types";
import { t } from "../i18n";
import { CheckIcon } from "./icons";

const STAGES: readonly Stage[] = ["listening", "transcribing", "prosody", "scoring", "feedback"];

export function StageProgress({ stage, percent }: { stage: Stage; percent: number }) {
  const current = STAGES.indexOf(stage);
  return (
    <div class="stages">
      <div class="stages__head">
        <h2 class="stages__title">{t("stage.title")}</h2>
        <span class="stages__percent">{percent}%</span>
      </div>
      <progress class="stages__bar" max={100} value={percent} aria-label={t("stage.title")} />
      <ol class="stages__list">
        {STAGES.map((name, index) => {
          const state = index < current ? "done" : index === current ? "current" : "waiting";
          return (
            <li key={name} class={`stages__item stages__item--${state}`} aria-current={state === "current" ? "step" : undefined}>
              <span class="stages__mark">{state === "done" && <CheckIcon />}</span>
              {t(`stage.${name}`)}
              {state !== "waiting" && <span class="visually_hidden">, {t(`stage.${state}`)}</span>}
            </li>
          );
        })}
      </ol>
      <p class="visually_hidden" role="status">
        {t(`stage.${stage}`)}
      </p>
    </div>
  );
}
