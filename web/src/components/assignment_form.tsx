import { useState } from "preact/hooks";
import type { NewAssignment, Sentence } from "@speechcoach/client";
import { t } from "../i18n";
import { LEVELS } from "../state/level";
import { endOfDay } from "../state/today";
import { SentForm } from "./sent_form";

const OWN = "own";
// The program's own sentences lie below.
const LAST_OF_PROGRAM = 1_000_000;

function assignmentOf(form: FormData): NewAssignment {
  const due = String(form.get("due") ?? "");
  return { sentence_id: Number(form.get("sentence")), note: String(form.get("note") ?? "").trim(), due_at: due === "" ? null : endOfDay(due) };
}

// Gives the class a sentence to read.
export function AssignmentForm({ all, onAssign }: { all: readonly Sentence[]; onAssign: (assignment: NewAssignment) => Promise<unknown> }) {
  const own = all.filter(({ id }) => id > LAST_OF_PROGRAM);
  const [group, setGroup] = useState<string>(own.length > 0 ? OWN : "A1");
  const offered = group === OWN ? own : all.filter(({ id, level }) => id <= LAST_OF_PROGRAM && level === group);
  return (
    <SentForm name={t("assignment.give")} submit={t("assignment.give")} send={(form) => onAssign(assignmentOf(form))}>
      <div class="row_form">
        <label class="field field--short">
          {t("assignment.group")}
          <select value={group} onChange={(event) => setGroup(event.currentTarget.value)}>
            {own.length > 0 && <option value={OWN}>{t("sentences.own")}</option>}
            {LEVELS.map((level) => (
              <option key={level} value={level}>
                {level}: {t(`level.${level}`)}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          {t("assignment.sentence")}
          <select name="sentence" required>
            {offered.map(({ id, text }) => (
              <option key={id} value={id}>
                {text}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div class="row_form">
        <label class="field">
          {t("assignment.note")}
          <input name="note" maxLength={300} autocomplete="off" />
        </label>
        <label class="field field--short">
          {t("assignment.due.last")}
          <input name="due" type="date" />
        </label>
      </div>
    </SentForm>
  );
}
