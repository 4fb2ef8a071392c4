import { useLocation } from "preact-iso";
import { ApiError, type Session } from "@speechcoach/client";
import { CommentsCard } from "../components/comments_card";
import { ConfirmButton } from "../components/confirm_button";
import { BackIcon, TrashIcon } from "../components/icons";
import { LoadedPart } from "../components/loaded_part";
import { Notice } from "../components/notice";
import { t } from "../i18n";
import { formatDay, formatTime } from "../i18n/numbers";
import { client } from "../state/app";
import { classesClient, isInClass } from "../state/my_classes";
import { outcomeOfSession } from "../state/outcome";
import { useLoaded } from "../state/use_loaded";
import { useRecording } from "../state/use_recording";
import { ResultView } from "./result_view";

// null: there is no such session.
async function find(id: string): Promise<Session | null> {
  try {
    return await client.session(id);
  } catch (error) {
    if (error instanceof ApiError && error.code === "session_not_found") return null;
    throw error;
  }
}

function Past({ session }: { session: Session }) {
  const { route } = useLocation();
  const player = useRecording(session.audio === null ? null : () => client.recording(session.id), session.id);
  const [comments, reload] = useLoaded(() => classesClient.comments(null, session.id), session.id);
  const outcome = outcomeOfSession(session);
  const isDiscussed = isInClass() || (comments.name === "loaded" && comments.value.length > 0);
  const remove = () => client.deleteSession(session.id).then(() => route("/history", true));
  return (
    <>
      <p class="hint">
        {formatDay(session.created_at)}, {formatTime(session.created_at)}
      </p>
      {outcome === null ? (
        <Notice tone="warning" title={t("past.unanalysed.title")} text={session.error?.message ?? t("past.unanalysed.text")} />
      ) : (
        <ResultView outcome={outcome} before={null} reference={session.reference_text} player={player} />
      )}
      {isDiscussed && <CommentsCard learner={null} sessionId={session.id} player={player} comments={comments} reload={reload} />}
      <div class="past_actions">
        {session.sentence_id !== null && (
          <a class="button button--primary" href={`/sentence/${session.sentence_id}`}>
            {t("past.again")}
          </a>
        )}
        <ConfirmButton name={t("past.delete")} warning={t("past.delete.sure")} onConfirm={remove}>
          <TrashIcon />
          {t("past.delete")}
        </ConfirmButton>
      </div>
    </>
  );
}

// A result of the past, with its recording.
export function PastSessionView({ params }: { params: { id: string } }) {
  const [state, reload] = useLoaded(() => find(params.id), params.id);
  return (
    <div class="practice">
      <a class="back" href="/history">
        <BackIcon />
        {t("past.back")}
      </a>
      <LoadedPart state={state} reload={reload}>
        {(session) => (session === null ? <Notice tone="warning" title={t("past.missing.title")} text={t("past.missing.text")} /> : <Past session={session} />)}
      </LoadedPart>
    </div>
  );
}
