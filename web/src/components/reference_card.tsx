import type { Miscue, Word } from "../api/types";
import { t } from "../i18n";
import { markReference, type ReferenceWord } from "../state/reference";
import { CheckIcon } from "./icons";

function MarkedWord({ word }: { word: ReferenceWord }) {
  if (word.verdict === "correct") return <span class="reference__word">{word.text}</span>;
  const remark = word.verdict === "omitted" ? t("reference.omitted") : t("reference.replaced", { heard: word.heard });
  return (
    <span class={`reference__word reference__word--${word.verdict}`}>
      <span>{word.text}</span>
      <small lang={word.verdict === "omitted" ? undefined : "en"}>{remark}</small>
    </span>
  );
}

// Remarks on every single word would only bury what happened.
function UnheardReference({ reference }: { reference: string }) {
  return (
    <section class="card" aria-labelledby="reference_title">
      <h2 id="reference_title" class="card__title">
        {t("reference.title")}
      </h2>
      <p class="reference" lang="en">
        {reference}
      </p>
      <p class="reference__inserted">{t("reference.unheard")}</p>
    </section>
  );
}

// The sentence that was to be read, with what was left out, replaced and added.
export function ReferenceCard({ reference, words, miscues }: { reference: string; words: readonly Word[]; miscues: readonly Miscue[] }) {
  const marked = markReference(reference, words, miscues);
  if (marked.words.every((word) => word.verdict !== "correct")) return <UnheardReference reference={reference} />;
  return (
    <section class="card" aria-labelledby="reference_title">
      <h2 id="reference_title" class="card__title">
        {t("reference.title")}
      </h2>
      <p class="reference" lang="en">
        {marked.words.map((word, index) => (
          <MarkedWord key={index} word={word} />
        ))}
      </p>
      {marked.inserted.length > 0 && <p class="reference__inserted">{t("reference.inserted", { words: marked.inserted.join(", ") })}</p>}
      {miscues.length === 0 && words.length > 0 && (
        <p class="reference__perfect">
          <CheckIcon />
          {t("reference.perfect")}
        </p>
      )}
    </section>
  );
}
