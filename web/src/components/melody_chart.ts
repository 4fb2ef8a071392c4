import { Chart, Legend, LineController, LineElement, LinearScale, PointElement, type ChartDataset, type Plugin } from "chart.js";
import type { ModelSpeech } from "@speechcoach/client";

Chart.register(LineController, LineElement, LinearScale, PointElement, Legend);

const SMALLEST_RANGE_ST = 4;
const LABEL_ROWS = 2;
const LABEL_ROW_PX = 17;

// Each word over the stretch where the model says it.
function words(speech: ModelSpeech, colour: string, font: string): Plugin<"line"> {
  return {
    id: "words",
    afterDatasetsDraw({ ctx, chartArea, scales }) {
      const x = scales["x"];
      if (x === undefined) return;
      ctx.save();
      ctx.font = `600 12px ${font}`;
      ctx.fillStyle = colour;
      ctx.textAlign = "center";
      ctx.textBaseline = "top";
      speech.words.forEach(({ text, start_s, end_s }, index) => {
        ctx.fillText(text, x.getPixelForValue((start_s + end_s) / 2), chartArea.bottom + 6 + (index % LABEL_ROWS) * LABEL_ROW_PX);
      });
      ctx.restore();
    },
  };
}

// Semitones about each one's own mean, on the model's time axis. Returns what takes the chart away.
export function drawMelody(canvas: HTMLCanvasElement, speech: ModelSpeech, names: { model: string; mine: string; unit: string }): () => void {
  const style = getComputedStyle(canvas);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const font = { family: style.fontFamily, size: 11 };
  const melody = speech.melody ?? [];
  const line = (label: string, column: 1 | 2, stroke: string, changes: Partial<ChartDataset<"line", { x: number; y: number }[]>>): ChartDataset<"line", { x: number; y: number }[]> => ({
    label,
    data: melody.map((point) => ({ x: point[0] ?? 0, y: point[column] ?? Number.NaN })),
    borderColor: stroke,
    borderWidth: 3,
    pointRadius: 0,
    spanGaps: false,
    ...changes,
  });
  const heights = melody.flatMap(([, model, mine]) => [model, mine]).filter((height): height is number => typeof height === "number");
  const reach = Math.max(SMALLEST_RANGE_ST, ...heights.map(Math.abs));
  const chart = new Chart(canvas, {
    type: "line",
    data: { datasets: [line(names.model, 1, colour("--model"), { borderDash: [6, 4] }), line(names.mine, 2, colour("--accent"), {})] },
    options: {
      animation: false,
      parsing: false,
      normalized: true,
      maintainAspectRatio: false,
      events: [],
      layout: { padding: { bottom: LABEL_ROWS * LABEL_ROW_PX + 6, right: 10 } },
      scales: {
        x: { type: "linear", min: 0, max: speech.duration_s, ticks: { display: false }, grid: { display: false } },
        y: {
          min: -reach,
          max: reach,
          title: { display: true, text: names.unit, color: colour("--ink-soft"), font },
          ticks: { color: colour("--ink-soft"), font, maxTicksLimit: 5, includeBounds: false },
          grid: { color: colour("--line") },
        },
      },
      plugins: { legend: { labels: { color: colour("--ink"), font: { ...font, size: 12 }, boxHeight: 2, boxWidth: 24 } } },
    },
    plugins: [words(speech, colour("--ink-soft"), style.fontFamily)],
  });
  return () => chart.destroy();
}
