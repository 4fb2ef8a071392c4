import type { ComponentChildren } from "preact";
import type { Feedback } from "@speechcoach/client";
import { t, textOf } from "../i18n";
import { EmotionCues } from "./emotion_cues";
import { CheckIcon, ChatIcon, TargetIcon } from "./icons";

function Points({ kind, title, points, icon }: { kind: "strength" | "improvement"; title: string; points: readonly string[]; icon: ComponentChildren }) {
  if (points.length === 0) return null;
  return (
    <div class={`points points--${kind}`}>
      <h3 class="points__title">{title}</h3>
      <ul class="points__list">
        {points.map((point) => (
          <li key={point} class="points__item">
            <span class="points__icon">{icon}</span>
            {point}
          </li>
        ))}
      </ul>
    </div>
  );
}

export function FeedbackCard({ feedback }: { feedback: Feedback }) {
  const { conversational, detailed } = feedback;
  return (
    <section class="card feedback" aria-labelledby="feedback_title">
      <h2 id="feedback_title" class="card__title">
        <ChatIcon />
        {t("feedback.title")}
      </h2>
      <p class="feedback__speech">{conversational}</p>
      <div class="feedback__points">
        <Points kind="strength" title={t("feedback.strengths")} points={detailed.strengths} icon={<CheckIcon />} />
        <Points kind="improvement" title={t("feedback.improvements")} points={detailed.improvements} icon={<TargetIcon />} />
      </div>
      {detailed.prosody_notes !== "" && (
        <div class="feedback__notes">
          <h3 class="points__title">{t("feedback.prosody_notes")}</h3>
          <p>{detailed.prosody_notes}</p>
        </div>
      )}
      <dl class="labels">
        <div>
          <dt>{t("feedback.emotion")}</dt>
          <dd>{textOf(`emotion.${detailed.emotion_detected}`, detailed.emotion_detected)}</dd>
        </div>
        <div>
          <dt>{t("feedback.confidence")}</dt>
          <dd>{t(`confidence.${detailed.confidence_level}`)}</dd>
        </div>
      </dl>
      <EmotionCues emotion={detailed.emotion} />
    </section>
  );
}
