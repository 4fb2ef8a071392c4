import type { Scores } from "@speechcoach/client";
import { t } from "../i18n";
import { useChart } from "./use_chart";

const AXES: readonly (keyof Scores)[] = ["overall", "pronunciation", "prosody", "fluency", "confidence", "emotion"];

// The six scores as a shape, over the shape of the attempt before. The figures stand in the bars beside it.
export function ScoreRadar({ scores, before }: { scores: Scores; before: Scores | null }) {
  const canvas = useChart(async () => {
    const { drawRadar } = await import("./radar_chart");
    const labels = AXES.map((name) => t(`score.${name}`));
    const of = (which: Scores) => AXES.map((name) => which[name]);
    return (on) => drawRadar(on, labels, of(scores), before === null ? null : of(before));
  }, [scores, before]);
  return (
    <div class="radar" aria-hidden="true">
      <canvas ref={canvas} />
    </div>
  );
}
