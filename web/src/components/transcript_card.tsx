import type { Word } from "../api/types";
import type { Player } from "../audio/player";
import { t } from "../i18n";
import { PlayIcon, StopIcon } from "./icons";

type Clarity = "high" | "medium" | "low";
const CLARITIES: readonly Clarity[] = ["high", "medium", "low"];

export function clarityOf(confidence: number): Clarity {
  if (confidence >= 0.8) return "high";
  return confidence >= 0.5 ? "medium" : "low";
}

// What was heard, word by word. How clear a word was shows in colour and in the line under it; a word plays itself.
export function TranscriptCard({ words, text, player }: { words: readonly Word[]; text: string; player: Player | null }) {
  const position = player?.position.value ?? null;
  return (
    <section class="card" aria-labelledby="transcript_title">
      <div class="card__head">
        <h2 id="transcript_title" class="card__title">
          {t("transcript.title")}
        </h2>
        {player !== null && (
          <button type="button" class="button button--quiet" onClick={() => (position === null ? player.playAll() : player.stop())}>
            {position === null ? <PlayIcon /> : <StopIcon />}
            {t(position === null ? "transcript.play" : "transcript.stop")}
          </button>
        )}
      </div>
      {words.length === 0 ? (
        <p class="muted">{text === "" ? t("transcript.empty") : text}</p>
      ) : (
        <>
          <p class="words" lang="en">
            {words.map((word, index) => {
              const clarity = clarityOf(word.confidence);
              const isPlaying = position !== null && position >= word.start_s && position < word.end_s;
              return (
                <>
                  <button
                    key={index}
                    type="button"
                    class={`word word--${clarity}${isPlaying ? " word--playing" : ""}`}
                    disabled={player === null}
                    aria-label={t("transcript.word", { word: word.text, confidence: t(`clarity.${clarity}`) })}
                    onClick={() => player?.playWord(word)}
                  >
                    {word.text}
                  </button>{" "}
                </>
              );
            })}
          </p>
          <ul class="legend" aria-label={t("transcript.legend")}>
            {CLARITIES.map((clarity) => (
              <li key={clarity}>
                <span class={`word word--${clarity} legend__sample`} aria-hidden="true">
                  Aa
                </span>
                {t(`clarity.${clarity}`)}
              </li>
            ))}
          </ul>
          <p class="hint">{t(player === null ? "transcript.no_audio" : "transcript.hint")}</p>
        </>
      )}
    </section>
  );
}
