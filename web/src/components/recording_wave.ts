// Loaded with the first recording that is shown.
import WaveSurfer from "wavesurfer.js";
import type { Player } from "../audio/player";

// Part of the library's style sheet, which the server's content policy names by its hash: it must not change with the page.
export const WAVE_HEIGHT_PX = 48;

export interface Wave {
  // Where playback is, in seconds; null is the start.
  showPosition(position_s: number | null): void;
  destroy(): void;
}

export function drawWave(container: HTMLElement, player: Player): Wave {
  const style = getComputedStyle(container);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const wave = WaveSurfer.create({
    container,
    height: WAVE_HEIGHT_PX,
    waveColor: colour("--wave"),
    progressColor: colour("--accent"),
    cursorWidth: 0,
    barWidth: 3,
    barGap: 2,
    barRadius: 2,
    normalize: true,
    peaks: [player.peaks],
    duration: player.durationS,
  });
  wave.on("click", (share) => player.playFrom(share * player.durationS));
  return {
    showPosition: (position_s) => wave.setTime(position_s ?? 0),
    destroy: () => wave.destroy(),
  };
}
