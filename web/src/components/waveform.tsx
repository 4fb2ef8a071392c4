import { useEffect, useRef } from "preact/hooks";
import type { ReadonlySignal } from "@preact/signals";
import { t } from "../i18n";

const BAR_PX = 3;
const STEP_PX = 6;
// How much of the way to the newest bar is covered in one frame: the wave glides although sound comes in pieces.
const GLIDE = 0.25;

// The loudness of what was just said, newest at the right.
export function Waveform({ loudness }: { loudness: ReadonlySignal<readonly number[]> }) {
  const canvas = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context) return;
    let frame = 0;
    let shown = 0;
    const draw = () => {
      const scale = window.devicePixelRatio;
      const { clientWidth: width, clientHeight: height } = element;
      if (element.width !== Math.round(width * scale)) {
        element.width = Math.round(width * scale);
        element.height = Math.round(height * scale);
      }
      context.setTransform(scale, 0, 0, scale, 0, 0);
      context.clearRect(0, 0, width, height);
      context.fillStyle = getComputedStyle(element).color;

      const bars = loudness.value;
      shown += (bars.length - shown) * GLIDE;
      const right = width - STEP_PX + (bars.length - shown) * STEP_PX;
      const visible = Math.ceil(width / STEP_PX) + 2;
      for (let age = 0; age < visible; ++age) {
        const bar = bars[bars.length - 1 - age] ?? 0;
        const barHeight = Math.max(BAR_PX, bar * bar * height * 0.95);
        context.beginPath();
        context.roundRect(right - age * STEP_PX, (height - barHeight) / 2, BAR_PX, barHeight, BAR_PX / 2);
        context.fill();
      }
      frame = requestAnimationFrame(draw);
    };
    draw();
    return () => cancelAnimationFrame(frame);
  }, [loudness]);

  return <canvas ref={canvas} class="waveform" role="img" aria-label={t("record.waveform")} />;
}
