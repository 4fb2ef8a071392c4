import { effect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Player } from "../audio/player";
import { t } from "../i18n";
import { formatClock } from "../i18n/numbers";
import { isDark } from "../state/theme";
import { PlayIcon, StopIcon } from "./icons";

// The recording as a wave; a tap on it plays from there.
function Wave({ player }: { player: Player }) {
  const container = useRef<HTMLDivElement>(null);
  const dark = isDark.value;
  useEffect(() => {
    let stopFollowing: (() => void) | undefined;
    let remove: (() => void) | undefined;
    let left = false;
    void import("./recording_wave").then(({ drawWave }) => {
      if (left || container.current === null) return;
      const wave = drawWave(container.current, player);
      remove = wave.destroy;
      stopFollowing = effect(() => wave.showPosition(player.position.value));
    });
    return () => {
      left = true;
      stopFollowing?.();
      remove?.();
    };
  }, [player, dark]);
  return <div ref={container} class="wave" aria-hidden="true" />;
}

export function RecordingBar({ player }: { player: Player }) {
  const position = player.position.value;
  const isPlaying = position !== null;
  return (
    <div class="recording_bar">
      <button type="button" class="round_button" aria-label={t(isPlaying ? "transcript.stop" : "transcript.play")} onClick={() => (isPlaying ? player.stop() : player.playAll())}>
        {isPlaying ? <StopIcon /> : <PlayIcon />}
      </button>
      <Wave player={player} />
      <span class="recording_bar__time">{formatClock(position ?? player.durationS)}</span>
    </div>
  );
}
