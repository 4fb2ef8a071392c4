import { useEffect, useRef } from "preact/hooks";
import type { PronouncedPhone, PronouncedWord } from "@speechcoach/client";
import type { Player } from "../audio/player";
import { locale, t } from "../i18n";
import { formatNumber } from "../i18n/numbers";
import { ipaOf, soundHint, written } from "../i18n/phones";
import { PlayIcon } from "./icons";
import { ModelButtons } from "./model_buttons";
import { isSure, wasSaid, withoutMarks } from "../state/spoken";
import { qualityOf } from "./quality";

function verdictOf(phone: PronouncedPhone): string {
  switch (phone.verdict) {
    case "ok":
      return t("sounds.ok");
    case "substituted":
      return t(isSure(phone) ? "sounds.substituted" : "sounds.substituted.unsure", { heard: `/${phone.heard_ipa ?? ""}/` });
    case "deleted":
      return t(isSure(phone) ? "sounds.deleted" : "sounds.deleted.unsure");
    case "distorted":
      return t("sounds.distorted");
  }
}

function Phones({ word, player }: { word: PronouncedWord; player: Player | null }) {
  return (
    <ul class="phones" aria-label={t("sounds.of_word", { word: word.text })}>
      {word.phones.map((phone, index) => {
        const quality = phone.verdict === "ok" ? "high" : qualityOf(phone.score);
        const isSaid = phone.end_s > phone.start_s;
        return (
          <li key={index}>
            <button type="button" class={`phone phone--${quality}`} disabled={player === null || !isSaid} onClick={() => player?.playWord(phone)}>
              <span class="phone__ipa">/{phone.ipa}/</span>
              <span class="phone__verdict">{verdictOf(phone)}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

// How to make the sounds that were not right, each once.
function Hints({ word }: { word: PronouncedWord }) {
  const wrong = word.phones.filter((phone) => phone.verdict !== "ok");
  const sounds = [...new Set(wrong.map((phone) => phone.phone))].filter((phone) => soundHint(phone, locale.value) !== "");
  return (
    <ul class="hints">
      {sounds.map((phone) => (
        <li key={phone}>
          <strong>{ipaOf(phone)}</strong> {soundHint(phone, locale.value)}
        </li>
      ))}
      {word.inserted.length > 0 && <li>{t("sounds.inserted", { sounds: word.inserted.map(written).join(" ") })}</li>}
    </ul>
  );
}

function Stress({ word }: { word: PronouncedWord }) {
  const { stress } = word;
  if (stress === null || stress.verdict === "unclear") return null;
  if (stress.verdict === "ok") return <p class="stress stress--ok">{t("stress.ok", { syllable: stress.expected + 1 })}</p>;
  return <p class="stress stress--misplaced">{t("stress.misplaced", { expected: stress.expected + 1, heard: stress.heard + 1 })}</p>;
}

// One word, sound by sound: what was heard, how it should be, and both to listen to.
export function WordPanel({ word, player, onClose }: { word: PronouncedWord; player: Player | null; onClose: () => void }) {
  const panel = useRef<HTMLDivElement>(null);
  // Not behind the buttons at the screen's lower edge.
  useEffect(() => panel.current?.scrollIntoView({ block: "nearest" }), [word]);
  const isSaid = wasSaid(word);
  const plain = withoutMarks(word.text);
  return (
    <div class="word_panel" ref={panel} role="region" aria-label={t("sounds.of_word", { word: word.text })}>
      <div class="word_panel__head">
        <p class="word_panel__word" lang="en">
          {plain}
        </p>
        {isSaid && <span class={`score_chip score_chip--${qualityOf(word.score)}`}>{formatNumber(word.score, 1)}</span>}
        <button type="button" class="button button--quiet word_panel__close" onClick={onClose}>
          {t("sounds.close")}
        </button>
      </div>
      {isSaid ? (
        <>
          <Phones word={word} player={player} />
          <Stress word={word} />
          <Hints word={word} />
        </>
      ) : (
        <p>{t("sounds.omitted.text")}</p>
      )}
      <div class="word_panel__actions">
        {player !== null && isSaid && (
          <button type="button" class="button" onClick={() => player.playWord(word)}>
            <PlayIcon />
            {t("sounds.mine")}
          </button>
        )}
        <ModelButtons text={plain} />
      </div>
    </div>
  );
}
