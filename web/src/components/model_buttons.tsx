import { hasModelVoice, speakModel } from "../audio/model_voice";
import { t } from "../i18n";
import { SpeakerIcon } from "./icons";

// The model voice, at its own pace and slowly; nothing where there is none.
export function ModelButtons({ text }: { text: string }) {
  if (!hasModelVoice()) return null;
  return (
    <div class="model_buttons">
      <button type="button" class="button" onClick={() => speakModel(text)}>
        <SpeakerIcon />
        {t("model.listen")}
      </button>
      <button type="button" class="button" onClick={() => speakModel(text, "slow")}>
        {t("model.slow")}
      </button>
    </div>
  );
}
