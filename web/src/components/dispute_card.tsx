import { useState } from "preact/hooks";
import type { NewDispute, Scores } from "@speechcoach/client";
import { t } from "../i18n";
import { client } from "../state/app";
import { useAction } from "../state/use_loaded";
import { Refusal } from "./refusal";

const SCORES: readonly (keyof Scores)[] = ["overall", "pronunciation", "prosody", "fluency", "confidence", "emotion"];

function disputeOf(form: FormData): NewDispute {
  return { score: form.get("score") as keyof Scores, text: String(form.get("text") ?? "").trim() || null };
}

// "This score is wrong": kept until somebody has listened.
export function DisputeCard({ sessionId }: { sessionId: string }) {
  const [sent, setSent] = useState(false);
  const { busy, refusal, run } = useAction();
  if (sent) {
    return (
      <p class="card done" role="status">
        {t("dispute.sent")}
      </p>
    );
  }
  return (
    <details class="card more">
      <summary>{t("dispute.title")}</summary>
      <p class="muted">{t("dispute.text")}</p>
      <form
        class="table_form"
        aria-label={t("dispute.title")}
        onSubmit={(event) => {
          event.preventDefault();
          const dispute = disputeOf(new FormData(event.currentTarget));
          void run(() => client.dispute(sessionId, dispute)).then((done) => done && setSent(true));
        }}
      >
        <div class="row_form">
          <label class="field field--short">
            {t("dispute.score")}
            <select name="score">
              {SCORES.map((name) => (
                <option key={name} value={name}>
                  {t(`score.${name}`)}
                </option>
              ))}
            </select>
          </label>
          <label class="field">
            {t("dispute.why")}
            <input name="text" maxLength={300} autocomplete="off" />
          </label>
        </div>
        <Refusal lines={refusal} />
        <button type="submit" class="button" disabled={busy}>
          {t("dispute.send")}
        </button>
      </form>
    </details>
  );
}
