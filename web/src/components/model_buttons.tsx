import { t } from "../i18n";
import { modelVoice } from "../state/app";
import { SpeakerIcon } from "./icons";

// The model voice, at its own pace and slowly.
export function ModelButtons({ text }: { text: string }) {
  return (
    <>
      <button type="button" class="button" onClick={() => void modelVoice.speak(text, "normal")}>
        <SpeakerIcon />
        {t("model.listen")}
      </button>
      <button type="button" class="button" onClick={() => void modelVoice.speak(text, "slow")}>
        {t("model.slow")}
      </button>
      {modelVoice.isMissing.value && (
        <span class="hint" role="status">
          {t("model.missing")}
        </span>
      )}
    </>
  );
}
