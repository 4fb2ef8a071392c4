import { useState } from "preact/hooks";
import type { Sentence } from "@speechcoach/client";
import { FocusChips } from "../components/focus_chips";
import { RepeatIcon } from "../components/icons";
import { ModelButtons } from "../components/model_buttons";
import { t } from "../i18n";

const IDEAS = [1, 2, 3, 4, 5, 6] as const;

// While the learner speaks (`speaking`) only the sentence itself stays: on a phone the stop button must be in sight.
export function SentencePrompt({ sentence, speaking }: { sentence: Sentence; speaking: boolean }) {
  return (
    <section class="card prompt" aria-labelledby="prompt_title">
      <h1 id="prompt_title" class="prompt__title">
        {t("practice.sentence.title")}
        <span class="badge">{sentence.level}</span>
      </h1>
      <p class="prompt__text" lang="en">
        {sentence.text}
      </p>
      {!speaking && (
        <>
          <p class="prompt__meaning" lang="vi">
            {sentence.text_vi}
          </p>
          <FocusChips sounds={sentence.focus_sounds} />
          <div class="model_buttons">
            <ModelButtons text={sentence.text} />
          </div>
        </>
      )}
    </section>
  );
}

export function ConversationPrompt({ speaking }: { speaking: boolean }) {
  const [index, setIndex] = useState(0);
  const idea = IDEAS[index % IDEAS.length] ?? 1;
  return (
    <section class="card prompt" aria-labelledby="prompt_title">
      <h1 id="prompt_title" class="prompt__title">
        {t("practice.conversation.title")}
      </h1>
      {!speaking && <p class="prompt__lead">{t("practice.conversation.lead")}</p>}
      <div aria-live="polite">
        <p class="prompt__text" lang="en">
          {t(`prompt.${idea}.text`)}
        </p>
        {!speaking && <p class="prompt__meaning">{t(`prompt.${idea}.meaning`)}</p>}
      </div>
      {!speaking && (
        <button type="button" class="button button--quiet" onClick={() => setIndex(index + 1)}>
          <RepeatIcon />
          {t("practice.conversation.another")}
        </button>
      )}
    </section>
  );
}
