// Draws the pitch curve. Loaded when the first result is shown: the chart library is the largest part of the page.
import { Chart, LineController, LineElement, LinearScale, PointElement, Tooltip, type ChartConfiguration, type Plugin } from "chart.js";
import type { Prosody, Word } from "@speechcoach/client";
import { formatNumber } from "../i18n/numbers";
import { isDark } from "../state/theme";

Chart.register(LineController, LineElement, LinearScale, PointElement, Tooltip);

const LABEL_ROWS = 2;
const LABEL_ROW_PX = 17;
// The axis keeps at least this much, so that a level voice does not look lively.
const SMALLEST_RANGE_HZ = 80;
const STRAY_SHARE = 0.02;

export interface PitchChart {
  // Where playback is, in seconds; null hides the cursor.
  showPosition(position_s: number | null): void;
  destroy(): void;
}

interface Colours {
  curve: string;
  text: string;
  grid: string;
  pause: string;
  cursor: string;
  font: string;
}

function coloursOf(element: HTMLElement): Colours {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    curve: read("--accent"),
    text: read("--ink-soft"),
    grid: read("--line"),
    pause: read("--pause"),
    cursor: read("--record"),
    font: style.fontFamily,
  };
}

const TICK_S = 0.5;

// Whole halves of a second, wherever the span begins.
function ticksOf({ start_s, end_s }: { start_s: number; end_s: number }): { value: number }[] {
  const first = Math.ceil(start_s / TICK_S);
  return Array.from({ length: Math.max(0, Math.floor(end_s / TICK_S) - first + 1) }, (_, index) => ({ value: (first + index) * TICK_S }));
}

// A stray frame, a few in a hundred, does not press the curve flat.
function rangeHz(contour: Prosody["pitch"]["contour"]): { low: number; high: number } {
  const voiced = contour.map(([, f0]) => f0).filter((f0) => f0 > 0).sort((a, b) => a - b);
  const at = (share: number) => voiced[Math.round(share * (voiced.length - 1))] ?? 0;
  const low = at(STRAY_SHARE);
  const high = at(1 - STRAY_SHARE);
  const margin = Math.max((high - low) / 8, (SMALLEST_RANGE_HZ - (high - low)) / 2);
  return { low: Math.max(0, Math.floor((low - margin) / 10) * 10), high: Math.ceil((high + margin) / 10) * 10 };
}

// Pauses behind the curve; each word above the stretch where it was said; the playback cursor over all.
function overlay(words: readonly Word[], pauses: Prosody["pauses"]["positions"], colours: () => Colours, position: () => number | null): Plugin<"line"> {
  return {
    id: "speech",
    beforeDatasetsDraw({ ctx, chartArea, scales }) {
      const x = scales["x"];
      if (x === undefined) return;
      ctx.save();
      ctx.fillStyle = colours().pause;
      for (const pause of pauses) {
        const left = x.getPixelForValue(pause.start_s);
        ctx.fillRect(left, chartArea.top, x.getPixelForValue(pause.end_s) - left, chartArea.bottom - chartArea.top);
      }
      ctx.restore();
    },
    afterDatasetsDraw({ ctx, chartArea, scales }) {
      const x = scales["x"];
      if (x === undefined) return;
      const { text, grid, cursor, font } = colours();
      ctx.save();
      ctx.font = `600 12px ${font}`;
      ctx.textAlign = "center";
      ctx.textBaseline = "bottom";
      words.forEach((word, index) => {
        const left = x.getPixelForValue(word.start_s);
        const right = x.getPixelForValue(word.end_s);
        const row = index % LABEL_ROWS;
        ctx.strokeStyle = grid;
        ctx.beginPath();
        ctx.moveTo(left, chartArea.top - 2);
        ctx.lineTo(left, chartArea.bottom);
        ctx.stroke();
        ctx.fillStyle = text;
        ctx.fillText(word.text, (left + right) / 2, chartArea.top - 5 - row * LABEL_ROW_PX);
      });
      const at = position();
      if (at !== null) {
        const cursorX = x.getPixelForValue(at);
        ctx.strokeStyle = cursor;
        ctx.lineWidth = 2;
        ctx.beginPath();
        ctx.moveTo(cursorX, chartArea.top);
        ctx.lineTo(cursorX, chartArea.bottom);
        ctx.stroke();
      }
      ctx.restore();
    },
  };
}

// Throws where the canvas offers no drawing context. `prosody` holds at least one voiced point; `span` is what is shown of it.
export function drawPitchChart(
  canvas: HTMLCanvasElement,
  prosody: Prosody,
  words: readonly Word[],
  span: { start_s: number; end_s: number },
  secondsLabel: string,
): PitchChart {
  const { contour } = prosody.pitch;
  const { low, high } = rangeHz(contour);
  let colours = coloursOf(canvas);
  let position: number | null = null;

  const config = (): ChartConfiguration<"line", { x: number; y: number }[]> => ({
    type: "line",
    data: {
      datasets: [
        {
          data: contour.map(([x, f0]) => ({ x, y: f0 > 0 ? f0 : Number.NaN })),
          borderColor: colours.curve,
          borderWidth: 3,
          borderCapStyle: "round",
          borderJoinStyle: "round",
          pointRadius: 0,
          pointHitRadius: 12,
          pointHoverBackgroundColor: colours.curve,
          spanGaps: false,
        },
      ],
    },
    options: {
      animation: false,
      parsing: false,
      normalized: true,
      maintainAspectRatio: false,
      interaction: { mode: "nearest", axis: "x", intersect: false },
      layout: { padding: { top: LABEL_ROWS * LABEL_ROW_PX + 6, right: 10 } },
      scales: {
        x: {
          type: "linear",
          min: span.start_s,
          max: span.end_s,
          // At the side that is seen before a long recording is scrolled.
          title: { display: true, text: secondsLabel, color: colours.text, align: "start", font: { family: colours.font, size: 11 }, padding: 0 },
          afterBuildTicks: (axis) => void (axis.ticks = ticksOf(span)),
          ticks: { color: colours.text, font: { family: colours.font, size: 11 }, callback: (value) => formatNumber(Number(value), 1) },
          grid: { display: false },
          border: { color: colours.grid },
        },
        y: {
          min: low,
          max: high,
          ticks: { color: colours.text, maxTicksLimit: 6, includeBounds: false, font: { family: colours.font, size: 11 }, callback: (value) => `${value} Hz` },
          grid: { color: colours.grid },
          border: { display: false },
        },
      },
      plugins: {
        // Another chart of the page may have brought legends.
        legend: { display: false },
        tooltip: {
          displayColors: false,
          callbacks: { title: () => "", label: ({ parsed }) => `${formatNumber(parsed.x ?? 0, 2)} s: ${formatNumber(parsed.y ?? 0, 0)} Hz` },
        },
      },
    },
    plugins: [overlay(words, prosody.pauses.positions, () => colours, () => position)],
  });

  let chart = new Chart(canvas, config());
  const stopRecolouring = isDark.subscribe(() => {
    colours = coloursOf(canvas);
    chart.destroy();
    chart = new Chart(canvas, config());
  });
  return {
    showPosition(position_s) {
      if (position === position_s) return;
      position = position_s;
      chart.draw();
    },
    destroy() {
      stopRecolouring();
      chart.destroy();
    },
  };
}
