import { useEffect, useState } from "preact/hooks";
import type { ModelSpeech } from "@speechcoach/client";
import { t } from "../i18n";
import { client } from "../state/app";
import { ModelButtons } from "./model_buttons";
import { useChart } from "./use_chart";

// Enough room for the model's words; long sentences scroll.
const PX_PER_SECOND = 100;

function Melody({ speech }: { speech: ModelSpeech }) {
  const canvas = useChart(async () => {
    const { drawMelody } = await import("./melody_chart");
    return (on) => drawMelody(on, speech, { model: t("melody.model"), mine: t("melody.mine"), unit: t("melody.unit") });
  }, [speech]);
  return (
    <div class="pitch" tabIndex={0} role="group" aria-label={t("melody.title")}>
      <div class="pitch__plot" style={{ minInlineSize: `${Math.round(speech.duration_s * PX_PER_SECOND)}px` }}>
        <canvas ref={canvas} role="img" aria-label={t("melody.lead")} />
      </div>
    </div>
  );
}

// The melody of the learner's reading over that of the model voice. Nothing where the words were not the same.
export function MelodyCard({ text, sessionId }: { text: string; sessionId: string }) {
  const [speech, setSpeech] = useState<ModelSpeech | null>(null);
  useEffect(() => {
    let left = false;
    void client.modelSpeech(text, sessionId).then(
      (found) => !left && setSpeech(found),
      () => undefined,
    );
    return () => {
      left = true;
    };
  }, [text, sessionId]);
  if (speech?.melody === undefined || speech.melody.length === 0) return null;
  return (
    <section class="card melody" aria-labelledby="melody_title">
      <h2 id="melody_title" class="card__title">
        {t("melody.title")}
      </h2>
      <p class="card__lead">{t("melody.lead")}</p>
      <Melody speech={speech} />
      <div class="word_panel__actions">
        <ModelButtons text={text} />
      </div>
    </section>
  );
}
