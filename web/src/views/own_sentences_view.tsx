import type { NewSentence, Sentence } from "@speechcoach/client";
import { ConfirmButton } from "../components/confirm_button";
import { BackIcon, TrashIcon } from "../components/icons";
import { LoadedPart } from "../components/loaded_part";
import { SentForm } from "../components/sent_form";
import { TableForm } from "../components/table_form";
import { t, textOf } from "../i18n";
import { loadSentences } from "../state/app";
import { LEVELS } from "../state/level";
import { classesClient } from "../state/my_classes";
import { useLoaded } from "../state/use_loaded";

function sentenceOf(form: FormData): NewSentence {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  return { text: text("text"), text_vi: text("text_vi") || null, level: text("level") as Sentence["level"] };
}

function WriteForm({ onWritten }: { onWritten: () => void }) {
  return (
    <SentForm
      name={t("sentences.write")}
      submit={t("sentences.write")}
      send={(form) => classesClient.writeSentence(sentenceOf(form))}
      onSent={onWritten}
    >
      <label class="field">
        {t("sentences.text")}
        <input name="text" required maxLength={500} lang="en" autocomplete="off" />
      </label>
      <div class="row_form">
        <label class="field">
          {t("sentences.meaning")}
          <input name="text_vi" maxLength={300} autocomplete="off" />
        </label>
        <label class="field field--short">
          {t("home.filter.level")}
          <select name="level">
            {LEVELS.map((level) => (
              <option key={level} value={level}>
                {level}: {t(`level.${level}`)}
              </option>
            ))}
          </select>
        </label>
      </div>
    </SentForm>
  );
}

function Own({ sentence, onWithdrawn }: { sentence: Sentence; onWithdrawn: () => void }) {
  return (
    <li class="given_item">
      <p class="given_item__text" lang="en">
        {sentence.text}
      </p>
      {sentence.text_vi !== "" && <p lang="vi">{sentence.text_vi}</p>}
      <p class="muted">
        {sentence.level} · {textOf(`topic.${sentence.topic}`, sentence.topic)}
      </p>
      <ConfirmButton
        name={t("sentences.withdraw")}
        warning={t("sentences.withdraw.sure")}
        onConfirm={() => classesClient.withdrawSentence(sentence.id).then(onWithdrawn)}
      >
        <TrashIcon />
        {t("sentences.withdraw")}
      </ConfirmButton>
    </li>
  );
}

// What a teacher wrote for the learners of their classes.
export function OwnSentencesView() {
  const [state, reload] = useLoaded(() => classesClient.ownSentences(), null);
  const changed = () => {
    reload();
    void loadSentences();
  };
  const bring = async (table: string) => {
    const { length } = await classesClient.importSentences(table);
    changed();
    return t("sentences.import.done", { count: length });
  };
  return (
    <section class="classes" aria-labelledby="own_title">
      <a class="back" href="/classes">
        <BackIcon />
        {t("nav.classes")}
      </a>
      <h1 id="own_title" class="page_title">
        {t("sentences.own")}
      </h1>
      <p class="section_lead">{t("sentences.own.text")}</p>
      <div class="result__columns">
        <div class="result__column">
          <section class="card">
            <WriteForm onWritten={changed} />
          </section>
          <section class="card">
            <TableForm name={t("sentences.import")} hint={t("sentences.import.hint")} columns="text,level,text_vi" onSend={bring} />
          </section>
        </div>
        <div class="result__column">
          <section class="card">
            <LoadedPart state={state} reload={reload}>
              {(own) =>
                own.length === 0 ? (
                  <p class="muted">{t("sentences.own.none")}</p>
                ) : (
                  <ul class="plain_list">
                    {own.map((sentence) => (
                      <Own key={sentence.id} sentence={sentence} onWithdrawn={changed} />
                    ))}
                  </ul>
                )
              }
            </LoadedPart>
          </section>
        </div>
      </div>
    </section>
  );
}
