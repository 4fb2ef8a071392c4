// What a habit of pronunciation is called, and words to practise it with.
import { t } from "../i18n";
import { modelVoice } from "../state/app";
import { SpeakerIcon } from "./icons";

const HEARD_NAMED = 2;

// `ipa`: the sound that was due, null where one was added. `heard`: what came instead or besides, empty where the sound was left out.
export function habitName(ipa: string | null, heard: readonly string[]): string {
  const written = heard
    .slice(0, HEARD_NAMED)
    .map((sound) => `/${sound}/`)
    .join(", ");
  if (ipa === null) return t("habit.added", { heard: written });
  return heard.length === 0 ? t("habit.missing", { sound: `/${ipa}/` }) : t("habit.replaced", { sound: `/${ipa}/`, heard: written });
}

// "thin/tin": two words that differ in the sound alone, to be heard one after the other.
export function PairButtons({ pairs }: { pairs: readonly string[] }) {
  if (pairs.length === 0) return null;
  return (
    <div class="pairs" role="group" aria-label={t("sounds.habit.pairs")}>
      <span class="muted" aria-hidden="true">
        {t("sounds.habit.pairs")}
      </span>
      {pairs.map((pair) => {
        const words = pair.split("/");
        const shown = words.join(" / ");
        return (
          <button key={pair} type="button" class="button pairs__pair" aria-label={t("habit.pair", { pair: shown })} onClick={() => void modelVoice.speak(words.join(". "), "normal")}>
            <SpeakerIcon />
            <span lang="en">{shown}</span>
          </button>
        );
      })}
    </div>
  );
}
