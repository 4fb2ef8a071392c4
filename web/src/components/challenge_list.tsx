import type { Challenge } from "@speechcoach/client";
import { t } from "../i18n";
import { formatDateTime, formatMinutes, formatNumber } from "../i18n/numbers";
import { ConfirmButton } from "./confirm_button";
import { CheckIcon, TrashIcon } from "./icons";

type Measure = Challenge["measure"];

function amount(measure: Measure, value: number): string {
  return measure === "minutes" ? formatMinutes(value) : formatNumber(value, 0);
}

function standing({ measure, goal, so_far }: Challenge): string | null {
  if (so_far === null) return null;
  const values = { so_far: amount(measure, so_far), goal: formatNumber(goal, 0) };
  return t(`challenge.so_far.${measure}`, values);
}

interface ItemProps {
  challenge: Challenge;
  onEnd: ((id: number) => Promise<unknown>) | undefined;
}

function Item({ challenge, onEnd }: ItemProps) {
  const { id, title, measure, goal, so_far, own, ends_at } = challenge;
  const isReached = so_far !== null && so_far >= goal;
  const told = standing(challenge);
  return (
    <li class={`achievement${isReached ? " achievement--reached" : ""}`}>
      <span class="stages__mark">{isReached && <CheckIcon />}</span>
      <span class="achievement__body">
        <strong>{title}</strong>
        {so_far !== null && <progress class="stages__bar" max={goal} value={Math.min(goal, so_far)} aria-label={title} />}
        {told !== null && <span>{told}</span>}
        <span class="muted">
          {own !== undefined && `${t(`challenge.own.${measure}`, { own: amount(measure, own) })} · `}
          {isReached ? t("challenge.reached") : t("assignment.due", { time: formatDateTime(ends_at) })}
        </span>
        {onEnd !== undefined && (
          <ConfirmButton name={t("challenge.end")} warning={t("challenge.end.sure")} onConfirm={() => onEnd(id)}>
            <TrashIcon />
            {t("challenge.end")}
          </ConfirmButton>
        )}
      </span>
    </li>
  );
}

// What a class sets out to do together. `onEnd`: takes one back, where it is the teacher who looks.
export function ChallengeList({ challenges, onEnd }: { challenges: readonly Challenge[]; onEnd?: (id: number) => Promise<unknown> }) {
  return (
    <ul class="achievements">
      {challenges.map((challenge) => (
        <Item key={challenge.id} challenge={challenge} onEnd={onEnd} />
      ))}
    </ul>
  );
}
