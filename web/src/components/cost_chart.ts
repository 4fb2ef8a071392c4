import { BarController, BarElement, CategoryScale, Chart, LinearScale, Tooltip } from "chart.js";
import { formatNumber } from "../i18n/numbers";

Chart.register(BarController, BarElement, CategoryScale, LinearScale, Tooltip);

// Less than that is nothing on the axis, and not a mountain.
const SMALLEST_RANGE_USD = 0.01;

// Costs a day, oldest first. Returns what takes the chart away.
export function drawCosts(canvas: HTMLCanvasElement, days: readonly { day: string; cost_usd: number; calls: number }[]): () => void {
  const style = getComputedStyle(canvas);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const font = { family: style.fontFamily, size: 11 };
  // A day of a small class costs less than a cent.
  const highest = Math.max(SMALLEST_RANGE_USD, ...days.map(({ cost_usd }) => cost_usd));
  const digits = Math.max(2, 1 - Math.floor(Math.log10(highest)));
  const chart = new Chart(canvas, {
    type: "bar",
    data: { labels: days.map(({ day }) => day), datasets: [{ data: days.map(({ cost_usd }) => cost_usd), backgroundColor: colour("--accent"), borderRadius: 4, maxBarThickness: 24 }] },
    options: {
      animation: false,
      maintainAspectRatio: false,
      scales: {
        x: { ticks: { color: colour("--ink-soft"), font }, grid: { display: false } },
        y: { beginAtZero: true, suggestedMax: SMALLEST_RANGE_USD, ticks: { color: colour("--ink-soft"), font, maxTicksLimit: 5, callback: (value) => `$${formatNumber(Number(value), digits)}` }, grid: { color: colour("--line") } },
      },
      plugins: { legend: { display: false }, tooltip: { displayColors: false, callbacks: { label: ({ parsed, dataIndex }) => `$${formatNumber(parsed.y ?? 0, 4)} · ${days[dataIndex]?.calls ?? 0}` } } },
    },
  });
  return () => chart.destroy();
}
