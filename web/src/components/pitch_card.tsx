import { effect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Prosody, Word } from "@speechcoach/client";
import type { Player } from "../audio/player";
import { locale, t } from "../i18n";
import { formatNumber } from "../i18n/numbers";
import type { PitchChart } from "./pitch_chart";

// Enough room for the words of fluent speech; longer recordings scroll.
const PX_PER_SECOND = 100;
// What is shown before the first sound and after the last.
const MARGIN_S = 0.15;

// From the first word or voiced sound to the last, in whole tenths of a second: silence around it is left out.
function speechSpan(contour: Prosody["pitch"]["contour"], words: readonly Word[]): { start_s: number; end_s: number } {
  const voiced = contour.filter(([, f0]) => f0 > 0).map(([time]) => time);
  const start = Math.min(...voiced, ...words.map((word) => word.start_s)) - MARGIN_S;
  const end = Math.max(...voiced, ...words.map((word) => word.end_s)) + MARGIN_S;
  return { start_s: Math.max(0, Math.floor(start * 10) / 10), end_s: Math.ceil(end * 10) / 10 };
}

function PitchCanvas({ prosody, words, player }: { prosody: Prosody; words: readonly Word[]; player: Player | null }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const seconds = t("pitch.axis.time");
  const language = locale.value;
  const { contour, mean, range } = prosody.pitch;

  useEffect(() => {
    let chart: PitchChart | undefined;
    let stopFollowing: (() => void) | undefined;
    let left = false;
    void import("./pitch_chart").then(({ drawPitchChart }) => {
      if (left || canvas.current === null) return;
      const drawn = drawPitchChart(canvas.current, prosody, words, speechSpan(contour, words), seconds);
      chart = drawn;
      canvas.current.dataset["drawn"] = "true";
      if (player !== null) stopFollowing = effect(() => drawn.showPosition(player.position.value));
    });
    return () => {
      left = true;
      stopFollowing?.();
      chart?.destroy();
    };
  }, [prosody, words, player, seconds, language]);

  const summary = t("pitch.summary", { mean: formatNumber(mean, 0), range: formatNumber(range, 0), pauses: prosody.pauses.count });
  const { start_s, end_s } = speechSpan(contour, words);
  const width = Math.round((end_s - start_s) * PX_PER_SECOND);
  return (
    <>
      <div class="pitch" tabIndex={0} role="group" aria-label={t("pitch.title")}>
        <div class="pitch__plot" style={{ minInlineSize: `${width}px` }}>
          <canvas ref={canvas} role="img" aria-label={summary} />
        </div>
      </div>
      <p class="hint">{summary}</p>
    </>
  );
}

export function PitchCard({ prosody, words, player }: { prosody: Prosody; words: readonly Word[]; player: Player | null }) {
  const isVoiced = prosody.pitch.contour.some(([, f0]) => f0 > 0);
  return (
    <section class="card" aria-labelledby="pitch_title">
      <h2 id="pitch_title" class="card__title">
        {t("pitch.title")}
      </h2>
      <p class="card__lead">{t("pitch.lead")}</p>
      {isVoiced ? <PitchCanvas prosody={prosody} words={words} player={player} /> : <p class="muted">{t("pitch.none")}</p>}
    </section>
  );
}
