import { useState } from "preact/hooks";
import type { OpenDispute } from "@speechcoach/client";
import type { AdminClient } from "../api/admin_client";
import { t } from "../i18n";
import { formatDateTime, formatScore } from "../i18n/numbers";
import { useAction, useLoaded } from "../state/use_loaded";
import { useRecording } from "../state/use_recording";
import { LoadedPart } from "./loaded_part";
import { OpenedCard } from "./opened_card";
import { RecordingBar } from "./recording_bar";
import { Refusal } from "./refusal";

function Recording({ id, admin }: { id: number; admin: AdminClient }) {
  const player = useRecording(() => admin.disputed(id), String(id));
  return player === null ? null : <RecordingBar player={player} />;
}

function DisputeItem({ dispute, admin, onReviewed }: { dispute: OpenDispute; admin: AdminClient; onReviewed: () => void }) {
  const { id, score, given, text, reference_text, transcript, created_at } = dispute;
  const [heard, setHeard] = useState(false);
  const { busy, refusal, run } = useAction();
  return (
    <li class="given_item">
      <p>
        <strong>{t("disputes.score", { name: t(`score.${score}`), score: formatScore(given) })}</strong> <span class="muted">{formatDateTime(created_at)}</span>
      </p>
      {text !== "" && <p>{text}</p>}
      {reference_text !== "" && (
        <p class="muted">
          {t("disputes.reference")} <q lang="en">{reference_text}</q>
        </p>
      )}
      {transcript !== null && (
        <p class="muted">
          {t("stage.heard")} <q lang="en">{transcript}</q>
        </p>
      )}
      {heard && <Recording id={id} admin={admin} />}
      <Refusal lines={refusal} />
      <div class="word_panel__actions">
        {!heard && (
          <button type="button" class="button" onClick={() => setHeard(true)}>
            {t("disputes.hear")}
          </button>
        )}
        <button type="button" class="button" disabled={busy} onClick={() => void run(() => admin.review(id)).then((done) => done && onReviewed())}>
          {t("disputes.review")}
        </button>
      </div>
    </li>
  );
}

function DisputeList({ admin }: { admin: AdminClient }) {
  const [state, reload] = useLoaded(() => admin.disputes(), null);
  return (
    <LoadedPart state={state} reload={reload} lines={1}>
      {(disputes) =>
        disputes.length === 0 ? (
          <p class="muted">{t("disputes.none")}</p>
        ) : (
          <ul class="plain_list">
            {disputes.map((dispute) => (
              <DisputeItem key={dispute.id} dispute={dispute} admin={admin} onReviewed={reload} />
            ))}
          </ul>
        )
      }
    </LoadedPart>
  );
}

// Scores that learners say are wrong. Read when it is opened, and not before: learners see each time that somebody looks.
export function DisputesCard({ admin }: { admin: AdminClient }) {
  return (
    <OpenedCard title={t("disputes.title")}>
      <DisputeList admin={admin} />
    </OpenedCard>
  );
}
