import { t } from "../i18n";
import { formatDateTime, formatScore } from "../i18n/numbers";
import type { OwnAssignment } from "../state/my_classes";
import { ForwardIcon } from "./icons";
import { qualityOf } from "./quality";

function facts({ from, assignment }: OwnAssignment): string {
  const parts = [from.name];
  if (assignment.due_at !== null) parts.push(t("assignment.due", { time: formatDateTime(assignment.due_at) }));
  if (assignment.own?.is_late) parts.push(t("assignment.late"));
  return parts.join(" · ");
}

// A sentence that a learner is given to read, with the best score so far.
export function AssignmentItem({ own }: { own: OwnAssignment }) {
  const { assignment } = own;
  const best = assignment.own?.best_overall;
  return (
    <li>
      <a class="card past" href={`/sentence/${assignment.sentence_id}`}>
        {best === undefined ? (
          <span class="score_chip score_chip--none" aria-hidden="true">
            –
          </span>
        ) : (
          <span class={`score_chip score_chip--${qualityOf(best)}`} aria-label={t("history.score", { score: formatScore(best) })}>
            {formatScore(best)}
          </span>
        )}
        <span class="past__body">
          <span class="past__text" lang="en">
            {assignment.text}
          </span>
          {assignment.note !== "" && <span>{assignment.note}</span>}
          <span class="past__facts">{facts(own)}</span>
        </span>
        <ForwardIcon />
      </a>
    </li>
  );
}
