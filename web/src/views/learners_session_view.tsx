import type { Session } from "@speechcoach/client";
import type { LearnerAddress } from "../api/classes_client";
import { CommentsCard } from "../components/comments_card";
import { BackIcon } from "../components/icons";
import { LoadedPart } from "../components/loaded_part";
import { Notice } from "../components/notice";
import { t } from "../i18n";
import { formatDay, formatTime } from "../i18n/numbers";
import { classesClient } from "../state/my_classes";
import { outcomeOfSession } from "../state/outcome";
import { useLoaded } from "../state/use_loaded";
import { useRecording } from "../state/use_recording";
import { ResultView } from "./result_view";

function Reading({ learner, session }: { learner: LearnerAddress; session: Session }) {
  const player = useRecording(session.audio === null ? null : () => classesClient.recording(learner, session.id), session.id);
  const [comments, reload] = useLoaded(() => classesClient.comments(learner, session.id), session.id);
  const outcome = outcomeOfSession(session);
  return (
    <>
      <p class="hint">
        {formatDay(session.created_at)}, {formatTime(session.created_at)}
      </p>
      {session.reference_text !== "" && (
        <p class="read_text" lang="en">
          {session.reference_text}
        </p>
      )}
      {outcome === null ? (
        <Notice tone="warning" title={t("past.unanalysed.title")} text={session.error?.message ?? t("past.unanalysed.text")} />
      ) : (
        <ResultView outcome={outcome} before={null} reference={session.reference_text} player={player} isOwn={false} />
      )}
      <CommentsCard learner={learner} sessionId={session.id} player={player} comments={comments} reload={reload} />
    </>
  );
}

// A learner's recording as the teacher hears it.
export function LearnersSessionView({ params }: { params: { id: string; user: string; session: string } }) {
  const learner = { classId: Number(params.id), userId: Number(params.user) };
  const [state, reload] = useLoaded(() => classesClient.session(learner, params.session), params.session);
  return (
    <div class="practice">
      <a class="back" href={`/classes/${params.id}/learners/${params.user}`}>
        <BackIcon />
        {t("learner.sessions")}
      </a>
      <LoadedPart state={state} reload={reload}>
        {(session) => <Reading learner={learner} session={session} />}
      </LoadedPart>
    </div>
  );
}
