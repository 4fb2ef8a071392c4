import type { PronunciationReport, ScoreReason } from "@speechcoach/client";
import type { Player } from "../audio/player";
import { t } from "../i18n";
import { formatNumber } from "../i18n/numbers";
import { written } from "../i18n/phones";
import { toldKind } from "../state/next_step";
import { withoutMarks } from "../state/spoken";
import { PlayIcon } from "./icons";

const ASPECTS: readonly ScoreReason["aspect"][] = ["pronunciation", "fluency", "prosody"];
const SHOWN_EACH = 4;

export function reasonText({ kind, text, phone, heard, value }: ScoreReason): string {
  return t(`reason.${toldKind(kind, heard)}`, {
    word: withoutMarks(text),
    sound: written(phone),
    heard: written(heard),
    value: formatNumber(value, 1),
    percent: formatNumber(value * 100, 0),
  });
}

// A word that was left out has a place in the sentence and none in the recording, whatever its times say.
function isHeard({ kind, start_s, end_s }: ScoreReason): boolean {
  return kind !== "missing_word" && end_s > start_s;
}

function Reason({ reason, player }: { reason: ScoreReason; player: Player | null }) {
  const text = reasonText(reason);
  return (
    <li class="reason">
      <span>{text}</span>
      {player !== null && isHeard(reason) && (
        <button type="button" class="round_button round_button--soft" aria-label={t("reason.hear", { reason: text })} onClick={() => player.playWord(reason)}>
          <PlayIcon />
        </button>
      )}
    </li>
  );
}

// The facts behind the scores, under the score that each speaks for; the weightiest first.
export function ScoreReasons({ report, player }: { report: PronunciationReport; player: Player | null }) {
  if (report.reasons.length === 0) return null;
  return (
    <details class="more">
      <summary>{t("reasons.title")}</summary>
      {ASPECTS.map((aspect) => {
        const reasons = report.reasons.filter((reason) => reason.aspect === aspect).slice(0, SHOWN_EACH);
        if (reasons.length === 0) return null;
        return (
          <div key={aspect} class="reasons">
            <h3 class="points__title">{t(`score.${aspect}`)}</h3>
            <ul class="plain_list">
              {reasons.map((reason, index) => (
                <Reason key={index} reason={reason} player={player} />
              ))}
            </ul>
          </div>
        );
      })}
    </details>
  );
}
