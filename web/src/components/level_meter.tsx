import { computed, type ReadonlySignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { t, type TextKey } from "../i18n";
import { BAR_S } from "../audio/level";

const SEGMENTS = 14;
const RECENT_BARS = Math.round(1.5 / BAR_S);
const QUIET_BELOW = 0.35;
const LOUD_ABOVE = 0.93;

function verdict(loudest: number): TextKey {
  if (loudest < QUIET_BELOW) return "record.level.quiet";
  return loudest > LOUD_ABOVE ? "record.level.loud" : "record.level.good";
}

// How loud the voice is now, and in words how that suits the recogniser.
export function LevelMeter({ loudness }: { loudness: ReadonlySignal<readonly number[]> }) {
  const now = useMemo(() => computed(() => Math.max(0, ...loudness.value.slice(-2))), [loudness]);
  const recent = useMemo(() => computed(() => Math.max(0, ...loudness.value.slice(-RECENT_BARS))), [loudness]);
  const lit = Math.round(now.value * SEGMENTS);
  return (
    <div class="level">
      <div class="level__bar" role="meter" aria-label={t("record.level")} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(now.value * 100)}>
        {Array.from({ length: SEGMENTS }, (_, index) => (
          <span key={index} class={index < lit ? "level__segment level__segment--lit" : "level__segment"} />
        ))}
      </div>
      <span class="level__verdict">{t(verdict(recent.value))}</span>
    </div>
  );
}
