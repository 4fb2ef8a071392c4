import type { NewChallenge } from "@speechcoach/client";
import { t } from "../i18n";
import { endOfDay, localDay } from "../state/today";
import { SentForm } from "./sent_form";

const MEASURES = ["minutes", "sessions"] as const;

// From now to the end of the chosen day, where the teacher is.
export function challengeOf(form: FormData, now: Date): NewChallenge {
  return {
    title: String(form.get("title")).trim(),
    measure: form.get("measure") === "sessions" ? "sessions" : "minutes",
    goal: Number(form.get("goal")),
    begins_at: now.toISOString(),
    ends_at: endOfDay(String(form.get("ends"))),
  };
}

// Gives a class a goal to reach together.
export function ChallengeForm({ onGive }: { onGive: (challenge: NewChallenge) => Promise<unknown> }) {
  return (
    <SentForm name={t("challenge.give")} submit={t("challenge.give")} send={(form) => onGive(challengeOf(form, new Date()))}>
      <label class="field">
        {t("challenge.title")}
        <input name="title" required maxLength={200} autocomplete="off" />
      </label>
      <div class="row_form">
        <label class="field field--short">
          {t("challenge.goal")}
          <input name="goal" type="number" required min={1} max={1_000_000} />
        </label>
        <label class="field field--short">
          {t("challenge.measure")}
          <select name="measure">
            {MEASURES.map((measure) => (
              <option key={measure} value={measure}>
                {t(`challenge.measure.${measure}`)}
              </option>
            ))}
          </select>
        </label>
        <label class="field field--short">
          {t("challenge.ends")}
          <input name="ends" type="date" required min={localDay()} />
        </label>
      </div>
    </SentForm>
  );
}
