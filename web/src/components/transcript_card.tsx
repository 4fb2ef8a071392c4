import type { Word } from "@speechcoach/client";
import type { Player } from "../audio/player";
import { t } from "../i18n";
import { RecordingBar } from "./recording_bar";

// Below that the recogniser is more likely wrong than right.
const SURE_FROM = 0.5;

function Words({ words, player }: { words: readonly Word[]; player: Player | null }) {
  const position = player?.position.value ?? null;
  return (
    <p class="words words--heard" lang="en">
      {words.map((word, index) => {
        const isUnsure = word.confidence < SURE_FROM;
        const isPlaying = position !== null && position >= word.start_s && position < word.end_s;
        return (
          <>
            <button
              key={index}
              type="button"
              class={`word word--${isUnsure ? "unsure" : "high"}${isPlaying ? " word--playing" : ""}`}
              disabled={player === null}
              aria-label={t(isUnsure ? "transcript.word.unsure" : "transcript.word", { word: word.text })}
              onClick={() => player?.playWord(word)}
            >
              {word.text}
            </button>{" "}
          </>
        );
      })}
    </p>
  );
}

// What the recogniser heard; a word plays itself. `isMain`: nothing else on the page plays the recording.
export function TranscriptCard({ words, text, player, isMain }: { words: readonly Word[]; text: string; player: Player | null; isMain: boolean }) {
  return (
    <section class="card" aria-labelledby="transcript_title">
      <h2 id="transcript_title" class="card__title">
        {t("transcript.title")}
      </h2>
      {isMain && player !== null && <RecordingBar player={player} />}
      {words.length === 0 ? <p class="muted">{text === "" ? t("transcript.empty") : text}</p> : <Words words={words} player={player} />}
      <p class="hint">
        {t(player === null ? "transcript.no_audio" : "transcript.hint")}
        {words.some(({ confidence }) => confidence < SURE_FROM) && ` ${t("transcript.unsure")}`}
      </p>
    </section>
  );
}
