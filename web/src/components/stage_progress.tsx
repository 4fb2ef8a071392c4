import type { Stage } from "@speechcoach/client";
import { t } from "../i18n";
import { CheckIcon } from "./icons";

const STAGES: readonly Stage[] = ["listening", "transcribing", "prosody", "scoring", "feedback"];

type State = "done" | "current" | "waiting";

interface StageProgressProps {
  stage: Stage;
  percent: number;
  ahead: number | undefined;
  hasWords: boolean;
  hasProsody: boolean;
}

// Words and melody are worked out at the same time: each is done when its result is there.
function stateOf(name: Stage, { stage, hasWords, hasProsody }: StageProgressProps): State {
  const reached = STAGES.indexOf(stage);
  if (name === "transcribing" || name === "prosody") {
    if (reached > STAGES.indexOf("prosody") || (name === "prosody" ? hasProsody : hasWords)) return "done";
    return stage === "listening" ? "waiting" : "current";
  }
  const index = STAGES.indexOf(name);
  if (index < reached) return "done";
  return index === reached ? "current" : "waiting";
}

function placeText(ahead: number): string {
  return ahead === 0 ? t("stage.next") : t("stage.ahead", { count: ahead });
}

export function StageProgress(props: StageProgressProps) {
  const { stage, percent, ahead } = props;
  const now = ahead === undefined ? t(`stage.${stage}`) : placeText(ahead);
  return (
    <div class="stages">
      <div class="stages__head">
        <h2 class="stages__title">{t("stage.title")}</h2>
        <span class="stages__percent">{percent}%</span>
      </div>
      <progress class="stages__bar" max={100} value={percent} aria-label={t("stage.title")} />
      <ol class="stages__list">
        {STAGES.map((name) => {
          const state = stateOf(name, props);
          return (
            <li key={name} class={`stages__item stages__item--${state}`} aria-current={state === "current" ? "step" : undefined}>
              <span class="stages__mark">{state === "done" && <CheckIcon />}</span>
              {t(`stage.${name}`)}
              {state !== "waiting" && <span class="visually_hidden">, {t(`stage.${state}`)}</span>}
            </li>
          );
        })}
      </ol>
      <p class={ahead === undefined ? "visually_hidden" : "stages__place"} role="status">
        {now}
      </p>
    </div>
  );
}
