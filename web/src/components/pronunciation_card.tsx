import { useState } from "preact/hooks";
import type { PronouncedPhone, PronouncedWord, PronunciationReport } from "../api/types";
import type { Player } from "../audio/player";
import { locale, t } from "../i18n";
import { formatNumber } from "../i18n/numbers";

const PATTERNS_SHOWN = 3;

type Quality = "high" | "medium" | "low";

function qualityOf(score: number): Quality {
  if (score >= 8) return "high";
  return score >= 5 ? "medium" : "low";
}

function verdictOf(phone: PronouncedPhone): string {
  switch (phone.verdict) {
    case "ok":
      return t("sounds.ok");
    case "substituted":
      return t("sounds.substituted", { heard: `/${phone.heard_ipa ?? ""}/` });
    case "deleted":
      return t("sounds.deleted");
    case "distorted":
      return t("sounds.distorted");
  }
}

function Phones({ word }: { word: PronouncedWord }) {
  return (
    <ul class="phones" aria-label={t("sounds.of_word", { word: word.text })}>
      {word.phones.map((phone, index) => (
        <li key={index} class={`phone word--${qualityOf(phone.score)}`}>
          <span class="phone__ipa">/{phone.ipa}/</span>
          <span class="phone__verdict">{verdictOf(phone)}</span>
        </li>
      ))}
    </ul>
  );
}

// The sentence in the colours of its words' scores; a tap opens a word's sounds and plays it.
export function PronunciationCard({ report, player }: { report: PronunciationReport; player: Player | null }) {
  const [open, setOpen] = useState<number | null>(null);
  const chosen = open === null ? undefined : report.words[open];
  const choose = (word: PronouncedWord, index: number) => {
    setOpen(open === index ? null : index);
    if (open !== index && word.end_s > word.start_s) player?.playWord(word);
  };
  return (
    <section class="card" aria-labelledby="sounds_title">
      <div class="card__head">
        <h2 id="sounds_title" class="card__title">
          {t("sounds.title")}
        </h2>
      </div>
      <p class="words" lang="en">
        {report.words.map((word, index) => (
          <>
            <button
              key={index}
              type="button"
              class={`word word--${qualityOf(word.score)}`}
              aria-expanded={open === index}
              aria-label={t("sounds.word", { word: word.text, score: formatNumber(word.score, 1) })}
              onClick={() => choose(word, index)}
            >
              {word.text}
            </button>{" "}
          </>
        ))}
      </p>
      {chosen === undefined ? <p class="hint">{t("sounds.hint")}</p> : <Phones word={chosen} />}
      {report.patterns.length > 0 && (
        <ul class="tips">
          {report.patterns.slice(0, PATTERNS_SHOWN).map((pattern) => (
            <li key={pattern.id}>
              {locale.value === "vi" ? pattern.tip_vi : pattern.tip_en} <span class="muted" lang="en">({pattern.words.join(", ")})</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
