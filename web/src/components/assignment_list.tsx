import type { Assignment, ClassLearner } from "@speechcoach/client";
import { t } from "../i18n";
import { learnerName } from "../i18n/learners";
import { formatDateTime, formatScore } from "../i18n/numbers";
import { ConfirmButton } from "./confirm_button";
import { TrashIcon } from "./icons";

interface GivenProps {
  assignment: Assignment;
  learners: readonly ClassLearner[];
  onTakeBack: () => Promise<unknown>;
}

function WhoRead({ assignment, learners }: Omit<GivenProps, "onTakeBack">) {
  const readers = assignment.readers ?? [];
  const missing = learners.filter(({ user_id }) => !readers.some((reader) => reader.user_id === user_id));
  return (
    <details class="more">
      <summary>{t("assignment.read_by", { count: readers.length, learners: learners.length })}</summary>
      <ul class="plain_list">
        {learners.map((learner) => {
          const work = readers.find((reader) => reader.user_id === learner.user_id);
          if (work === undefined) return null;
          return (
            <li key={learner.user_id}>
              <span>
                {learnerName(learner)}{" "}
                <span class="muted">
                  {t("assignment.work", { score: formatScore(work.best_overall), readings: work.readings })}
                  {work.is_late && <> · {t("assignment.late")}</>}
                </span>
              </span>
            </li>
          );
        })}
      </ul>
      {missing.length > 0 && <p class="muted">{t("assignment.missing", { names: missing.map(learnerName).join(", ") })}</p>}
    </details>
  );
}

function Given({ assignment, learners, onTakeBack }: GivenProps) {
  return (
    <li class="given_item">
      <p class="given_item__text" lang="en">
        {assignment.text}
      </p>
      {assignment.note !== "" && <p>{assignment.note}</p>}
      {assignment.due_at !== null && <p class="muted">{t("assignment.due", { time: formatDateTime(assignment.due_at) })}</p>}
      <WhoRead assignment={assignment} learners={learners} />
      <ConfirmButton name={t("assignment.take_back")} warning={t("assignment.take_back.sure")} onConfirm={onTakeBack}>
        <TrashIcon />
        {t("assignment.take_back")}
      </ConfirmButton>
    </li>
  );
}

interface AssignmentListProps {
  assignments: readonly Assignment[];
  learners: readonly ClassLearner[];
  onTakeBack: (assignmentId: number) => Promise<unknown>;
}

// What a class was given, the newest first, and who has read it.
export function AssignmentList({ assignments, learners, onTakeBack }: AssignmentListProps) {
  if (assignments.length === 0) return <p class="muted">{t("assignment.none.given")}</p>;
  return (
    <ul class="plain_list">
      {[...assignments].reverse().map((assignment) => (
        <Given key={assignment.id} assignment={assignment} learners={learners} onTakeBack={() => onTakeBack(assignment.id)} />
      ))}
    </ul>
  );
}
