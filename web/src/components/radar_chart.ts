// Loaded with the first result, as the pitch curve is.
import { Chart, Filler, LineElement, PointElement, RadarController, RadialLinearScale, type ChartDataset } from "chart.js";

Chart.register(RadarController, RadialLinearScale, PointElement, LineElement, Filler);

// Scores in [0, 10], one an axis. Returns what takes the chart away.
export function drawRadar(canvas: HTMLCanvasElement, labels: string[], scores: number[], before: number[] | null): () => void {
  const style = getComputedStyle(canvas);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const shape = (data: number[], line: string, changes: Partial<ChartDataset<"radar", number[]>>): ChartDataset<"radar", number[]> => ({
    data,
    borderColor: line,
    borderWidth: 2,
    pointRadius: 3,
    pointBackgroundColor: line,
    ...changes,
  });
  const chart = new Chart(canvas, {
    type: "radar",
    data: {
      labels,
      datasets: [
        shape(scores, colour("--accent"), { fill: true, backgroundColor: colour("--accent-veil") }),
        ...(before === null ? [] : [shape(before, colour("--ink-soft"), { fill: false, borderDash: [4, 4], pointRadius: 0 })]),
      ],
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      events: [],
      // Another chart of the page may have brought legends.
      plugins: { legend: { display: false } },
      scales: {
        r: {
          min: 0,
          max: 10,
          ticks: { display: false, stepSize: 2.5 },
          grid: { color: colour("--line") },
          angleLines: { color: colour("--line") },
          pointLabels: { color: colour("--ink-soft"), font: { family: style.fontFamily, size: 12, weight: 600 } },
        },
      },
    },
  });
  return () => chart.destroy();
}
