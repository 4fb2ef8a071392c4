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

// The sentence that was to be read, with what was left out, replaced and added.
export function ReferenceCard({ reference, words, miscues }: { reference: string; words: readonly Word[]; miscues: readonly Miscue[] }) {
  const marked = markReference(reference, words, miscues);
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
