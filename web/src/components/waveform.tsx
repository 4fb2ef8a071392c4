import { useEffect, useRef } from "preact/hooks";
import type { ReadonlySignal } from "@preact/signals";
import { HIGHEST_HZ, LOWEST_HZ } from "../audio/pitch";
import { t } from "../i18n";
import { isDark } from "../state/theme";

const BAR_PX = 3;
const STEP_PX = 6;
const PITCH_PX = 3;
// How much of the way to the newest bar is covered in one frame: the wave glides although sound comes in pieces.
const GLIDE = 0.25;

// Share of the height, from the top; equal steps are equal musical intervals.
function heightOf(f0_hz: number): number {
  return 1 - Math.log(f0_hz / LOWEST_HZ) / Math.log(HIGHEST_HZ / LOWEST_HZ);
}

interface WaveformProps {
  loudness: ReadonlySignal<readonly number[]>;
  // Hz, one value for each bar of `loudness`; 0 where no voice is heard.
  pitch: ReadonlySignal<readonly number[]>;
}

// The loudness of what was just said, newest at the right, and over it how the voice went up and down.
export function Waveform({ loudness, pitch }: WaveformProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const dark = isDark.value;

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context) return;
    const style = getComputedStyle(element);
    const waveColour = style.getPropertyValue("--wave");
    const pitchColour = style.getPropertyValue("--accent");
    // Sizes are asked for when they change, not in every frame: asking makes the browser lay out the page.
    let [width, height, scale] = [0, 0, 1];
    const resize = new ResizeObserver(() => {
      scale = window.devicePixelRatio;
      width = element.clientWidth;
      height = element.clientHeight;
      element.width = Math.round(width * scale);
      element.height = Math.round(height * scale);
    });
    resize.observe(element);

    let frame = 0;
    let shown = 0;
    const draw = () => {
      const bars = loudness.value;
      const voice = pitch.value;
      shown += (bars.length - shown) * GLIDE;
      const right = width - STEP_PX + (bars.length - shown) * STEP_PX;
      const visible = Math.ceil(width / STEP_PX) + 2;
      context.setTransform(scale, 0, 0, scale, 0, 0);
      context.clearRect(0, 0, width, height);

      context.fillStyle = waveColour;
      context.beginPath();
      for (let age = 0; age < visible; ++age) {
        const bar = bars[bars.length - 1 - age] ?? 0;
        const barHeight = Math.max(BAR_PX, bar * bar * height * 0.95);
        context.roundRect(right - age * STEP_PX, (height - barHeight) / 2, BAR_PX, barHeight, BAR_PX / 2);
      }
      context.fill();

      context.strokeStyle = pitchColour;
      context.lineWidth = PITCH_PX;
      context.lineCap = "round";
      context.lineJoin = "round";
      context.beginPath();
      let isDown = false;
      for (let age = 0; age < visible; ++age) {
        const f0 = voice[voice.length - 1 - age] ?? 0;
        const x = right - age * STEP_PX + BAR_PX / 2;
        const y = PITCH_PX + heightOf(f0) * (height - 2 * PITCH_PX);
        if (f0 > 0 && isDown) context.lineTo(x, y);
        else if (f0 > 0) context.moveTo(x, y);
        isDown = f0 > 0;
      }
      context.stroke();
      frame = requestAnimationFrame(draw);
    };
    draw();
    return () => {
      cancelAnimationFrame(frame);
      resize.disconnect();
    };
  }, [loudness, pitch, dark]);

  return <canvas ref={canvas} class="waveform" role="img" aria-label={t("record.waveform")} />;
}
