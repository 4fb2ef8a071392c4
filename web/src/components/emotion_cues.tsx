import type { Feedback } from "@speechcoach/client";
import { t } from "../i18n";
import { formatNumber } from "../i18n/numbers";

type Emotion = Feedback["detailed"]["emotion"];
type Cue = Emotion["cues"][number];

// Less than this speaks neither way.
const LEAST_PULL = 0.1;
const DIGITS: Record<Cue["name"], number> = {
  pitch_spread_st: 1,
  dynamic_range: 2,
  articulation_rate: 1,
  level: 2,
  hesitation: 2,
  filled_pauses: 0,
  pitch_stability: 2,
};

function pull({ arousal, valence }: Cue): number {
  return Math.abs(arousal) + Math.abs(valence);
}

function direction({ arousal, valence }: Cue): string {
  const parts: string[] = [];
  if (Math.abs(arousal) >= LEAST_PULL) parts.push(t(arousal > 0 ? "cue.lively" : "cue.calm"));
  if (Math.abs(valence) >= LEAST_PULL) parts.push(t(valence > 0 ? "cue.pleased" : "cue.tense"));
  return parts.length === 0 ? t("cue.neither") : parts.join(", ");
}

// What the guess about the voice rests on, the weightiest first.
export function EmotionCues({ emotion }: { emotion: Emotion }) {
  if (emotion.cues.length === 0) return null;
  const cues = [...emotion.cues].sort((a, b) => pull(b) - pull(a));
  return (
    <details class="more">
      <summary>{t("cue.title")}</summary>
      <p class="muted">{t("cue.certainty", { percent: formatNumber(emotion.certainty * 100, 0) })}</p>
      <ul class="plain_list">
        {cues.map((cue) => (
          <li key={cue.name}>
            <span>{t(`cue.${cue.name}`, { value: formatNumber(cue.value, DIGITS[cue.name]) })}</span>
            <span class="muted">{direction(cue)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
