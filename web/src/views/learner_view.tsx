import { useMemo } from "preact/hooks";
import { useLocation } from "preact-iso";
import type { ClassLearner } from "@speechcoach/client";
import { ConfirmButton } from "../components/confirm_button";
import { BackIcon } from "../components/icons";
import { LoadedPart } from "../components/loaded_part";
import { Notice } from "../components/notice";
import { SessionPages } from "../components/session_pages";
import { t } from "../i18n";
import { learnerName } from "../i18n/learners";
import { formatMinutes, formatScore, formatShortDay } from "../i18n/numbers";
import { History } from "../state/history";
import { classesClient } from "../state/my_classes";
import { useLoaded } from "../state/use_loaded";

function Learner({ classId, learner }: { classId: number; learner: ClassLearner }) {
  const { route } = useLocation();
  const address = { classId, userId: learner.user_id };
  const history = useMemo(() => new History({ sessions: (cursor) => classesClient.sessions(address, cursor) }), [classId, learner.user_id]);
  const remove = () => classesClient.remove(address).then(() => route(`/classes/${classId}`, true));
  return (
    <>
      <h1 class="page_title">{learnerName(learner)}</h1>
      <dl class="card facts">
        <div class="fact">
          <dt>{t("learner.joined")}</dt>
          <dd>{formatShortDay(learner.joined_at)}</dd>
        </div>
        <div class="fact">
          <dt>{t("progress.sessions")}</dt>
          <dd>{learner.sessions}</dd>
        </div>
        <div class="fact">
          <dt>{t("progress.minutes")}</dt>
          <dd>{formatMinutes(learner.minutes)}</dd>
        </div>
        {learner.mean_overall !== null && (
          <div class="fact">
            <dt>{t("progress.average")}</dt>
            <dd>{formatScore(learner.mean_overall)}</dd>
          </div>
        )}
      </dl>
      <SessionPages history={history} under={`/classes/${classId}/learners/${learner.user_id}`} empty={<p class="muted">{t("learner.not_yet")}</p>} />
      <div class="past_actions">
        <ConfirmButton name={t("learner.remove")} warning={t("learner.remove.sure")} onConfirm={remove} />
      </div>
    </>
  );
}

// What a learner practised since they joined, as the class's teacher sees it.
export function LearnerView({ params }: { params: { id: string; user: string } }) {
  const classId = Number(params.id);
  const userId = Number(params.user);
  const find = async () => (await classesClient.learners(classId)).learners.find(({ user_id }) => user_id === userId) ?? null;
  const [state, reload] = useLoaded(find, `${params.id}/${params.user}`);
  return (
    <div class="classes">
      <a class="back" href={`/classes/${classId}`}>
        <BackIcon />
        {t("learner.back")}
      </a>
      <LoadedPart state={state} reload={reload}>
        {(learner) =>
          learner === null ? <Notice tone="warning" title={t("learner.missing")} text={t("learner.missing.text")} /> : <Learner classId={classId} learner={learner} />
        }
      </LoadedPart>
    </div>
  );
}
