import { useEffect, useRef } from "preact/hooks";
import type { Scores } from "@speechcoach/client";
import { locale, t } from "../i18n";
import { isDark } from "../state/theme";

const AXES: readonly (keyof Scores)[] = ["overall", "pronunciation", "prosody", "fluency", "confidence", "emotion"];

// The six scores as a shape, over the shape of the attempt before. The figures stand in the bars beside it.
export function ScoreRadar({ scores, before }: { scores: Scores; before: Scores | null }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const dark = isDark.value;
  const language = locale.value;
  useEffect(() => {
    let destroy: (() => void) | undefined;
    let left = false;
    void import("./radar_chart").then(({ drawRadar }) => {
      if (left || canvas.current === null) return;
      const labels = AXES.map((name) => t(`score.${name}`));
      const of = (which: Scores) => AXES.map((name) => which[name]);
      destroy = drawRadar(canvas.current, labels, of(scores), before === null ? null : of(before));
    });
    return () => {
      left = true;
      destroy?.();
    };
  }, [scores, before, dark, language]);
  return (
    <div class="radar" aria-hidden="true">
      <canvas ref={canvas} />
    </div>
  );
}
