import { useState } from "preact/hooks";
import type { PronouncedWord, PronunciationReport, Prosody } from "@speechcoach/client";
import type { Player } from "../audio/player";
import { locale, t } from "../i18n";
import { formatNumber } from "../i18n/numbers";
import { placePauses, type PlacedPause } from "../state/pauses";
import { wasSaid, worstSound } from "../state/spoken";
import { habitName, PairButtons } from "./habit_parts";
import { RecordingBar } from "./recording_bar";
import { QUALITIES, qualityOf } from "./quality";
import { WordPanel } from "./word_panel";

const PATTERNS_SHOWN = 3;

function stressRemark(word: PronouncedWord): string | null {
  return word.stress?.verdict === "misplaced" ? t("sounds.stress_misplaced") : null;
}

function soundRemark(word: PronouncedWord): string | null {
  const sound = worstSound(word);
  if (sound === undefined) return null;
  if (sound.verdict === "deleted") return t("sounds.remark.missing", { sound: `/${sound.ipa}/` });
  return t("sounds.remark.heard", { sound: `/${sound.ipa}/`, heard: `/${sound.heard_ipa ?? ""}/` });
}

// `isThisText`: of another text single sounds say nothing.
function remarkOf(word: PronouncedWord, heard: string, isThisText: boolean): string | null {
  switch (word.verdict) {
    case "omitted":
      return t("sounds.omitted");
    case "replaced":
      return heard === "" ? t("sounds.replaced") : t("sounds.said", { heard });
    case "mispronounced":
      return (isThisText ? soundRemark(word) : null) ?? stressRemark(word);
    case "ok":
      return stressRemark(word);
  }
}

interface WordProps {
  word: PronouncedWord;
  heard: string;
  isThisText: boolean;
  open: boolean;
  playing: boolean;
  onChoose: () => void;
}

function Word({ word, heard, isThisText, open, playing, onChoose }: WordProps) {
  const remark = remarkOf(word, heard, isThisText);
  return (
    <span class="spoken">
      <button
        type="button"
        class={`word word--${word.verdict === "omitted" ? "omitted" : qualityOf(word.score)}${playing ? " word--playing" : ""}`}
        aria-expanded={open}
        aria-label={t("sounds.word", { word: word.text, score: formatNumber(word.score, 1) })}
        onClick={onChoose}
      >
        {word.text}
      </button>
      {remark !== null && <small class={`spoken__remark spoken__remark--${word.verdict}`}>{remark}</small>}
    </span>
  );
}

function Pause({ pause }: { pause: PlacedPause }) {
  const seconds = formatNumber(pause.seconds, 1);
  return (
    <span class={`pause_mark pause_mark--${pause.isMisplaced ? "misplaced" : "fine"}`} title={t("sounds.pause", { seconds })}>
      <span aria-hidden="true">‖ {seconds}s</span>
      <span class="visually_hidden">{t("sounds.pause", { seconds })}</span>
    </span>
  );
}

function Legend() {
  return (
    <ul class="legend" aria-label={t("sounds.legend")}>
      {QUALITIES.map((quality) => (
        <li key={quality}>
          <span class={`word word--${quality} legend__sample`} aria-hidden="true">
            Aa
          </span>
          {t(`sounds.quality.${quality}`)}
        </li>
      ))}
    </ul>
  );
}

function Habits({ report }: { report: PronunciationReport }) {
  if (report.patterns.length === 0) return null;
  return (
    <div class="habits">
      <h3 class="points__title">{t("sounds.habits")}</h3>
      <ul class="habits__list">
        {report.patterns.slice(0, PATTERNS_SHOWN).map((pattern) => (
          <li key={pattern.id} class="habit">
            {pattern.heard_ipa !== undefined && <p class="habit__name">{habitName(pattern.ipa ?? null, pattern.heard_ipa)}</p>}
            <p>{locale.value === "vi" ? pattern.tip_vi : pattern.tip_en}</p>
            <PairButtons pairs={pattern.pairs ?? []} />
            <p class="habit__seen">
              {t("sounds.habit.seen", { times: pattern.times, chances: pattern.chances })} <span lang="en">{pattern.words.join(", ")}</span>
            </p>
          </li>
        ))}
      </ul>
    </div>
  );
}

interface SoundsCardProps {
  report: PronunciationReport;
  prosody: Prosody | null;
  player: Player | null;
  // Read aloud from a sentence, or said freely.
  isReading: boolean;
}

// What was read or said, in the colours of its words' scores; a tap plays a word and opens its sounds.
export function SoundsCard({ report, prosody, player, isReading }: SoundsCardProps) {
  const [open, setOpen] = useState<number | null>(null);
  const chosen = open === null ? undefined : report.words[open];
  const position = player?.position.value ?? null;
  const pauses = placePauses(report.words, prosody?.pauses.positions ?? []);
  const replaced = report.miscues.filter((miscue) => miscue.kind === "replaced");
  const added = report.miscues.filter((miscue) => miscue.kind === "inserted" || miscue.kind === "repeated");
  const isPerfect = isReading && report.miscues.length === 0 && report.words.every((word) => qualityOf(word.score) === "high");
  const isThisText = report.reasons.every(({ kind }) => kind !== "not_this_text");
  let nextReplaced = 0;
  return (
    <section class="card sounds" aria-labelledby="sounds_title">
      <h2 id="sounds_title" class="card__title">
        {t(isReading ? "sounds.title.reading" : "sounds.title.speaking")}
      </h2>
      {player !== null && <RecordingBar player={player} />}
      <p class="words" lang="en">
        {report.words.map((word, index) => (
          <>
            <Word
              key={index}
              word={word}
              heard={word.verdict === "replaced" ? (replaced[nextReplaced++]?.heard ?? "") : ""}
              isThisText={isThisText}
              open={open === index}
              playing={position !== null && wasSaid(word) && position >= word.start_s && position < word.end_s}
              onChoose={() => {
                setOpen(open === index ? null : index);
                if (open !== index && wasSaid(word)) player?.playWord(word);
              }}
            />{" "}
            {pauses.get(index)?.map((pause, order) => <Pause key={`${index}.${order}`} pause={pause} />)}{" "}
          </>
        ))}
      </p>
      {added.length > 0 && (
        <p class="sounds__added">
          {t("sounds.added")} <span lang="en">{added.map((miscue) => miscue.heard).join(", ")}</span>
        </p>
      )}
      {chosen !== undefined && <WordPanel word={chosen} player={player} onClose={() => setOpen(null)} />}
      <Legend />
      <p class="hint">{isPerfect ? t("sounds.perfect") : t("sounds.hint")}</p>
      <Habits report={report} />
    </section>
  );
}
