import { CategoryScale, Chart, Legend, LineController, LineElement, LinearScale, PointElement, Tooltip } from "chart.js";
import { formatNumber } from "../i18n/numbers";

Chart.register(LineController, LineElement, PointElement, CategoryScale, LinearScale, Tooltip, Legend);

// Scores in [0, 10], oldest first. Returns what takes the chart away.
export function drawTrend(
  canvas: HTMLCanvasElement,
  points: readonly { label: string; score: number; average: number }[],
  names: { score: string; average: string },
): () => void {
  const style = getComputedStyle(canvas);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const font = { family: style.fontFamily, size: 11 };
  const chart = new Chart(canvas, {
    type: "line",
    data: {
      labels: points.map(({ label }) => label),
      datasets: [
        { label: names.score, data: points.map(({ score }) => score), borderColor: colour("--wave"), pointBackgroundColor: colour("--wave"), pointRadius: 3, borderWidth: 1.5 },
        { label: names.average, data: points.map(({ average }) => average), borderColor: colour("--accent"), pointRadius: 0, borderWidth: 3 },
      ],
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      interaction: { mode: "index", intersect: false },
      scales: {
        x: { ticks: { color: colour("--ink-soft"), font, maxTicksLimit: 6, maxRotation: 0 }, grid: { display: false } },
        y: { min: 0, max: 10, ticks: { color: colour("--ink-soft"), font, stepSize: 2 }, grid: { color: colour("--line") } },
      },
      plugins: {
        legend: { labels: { color: colour("--ink-soft"), font, boxHeight: 2, boxWidth: 20 } },
        tooltip: { callbacks: { label: ({ dataset, parsed }) => `${dataset.label ?? ""}: ${formatNumber(parsed.y ?? 0, 1)}` } },
      },
    },
  });
  return () => chart.destroy();
}
