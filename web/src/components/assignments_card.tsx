import { t } from "../i18n";
import { openAssignments } from "../state/my_classes";
import { AssignmentItem } from "./assignment_item";
import { SchoolIcon } from "./icons";

const SHOWN = 3;

// On the first page: what a teacher waits for.
export function AssignmentsCard() {
  const open = openAssignments();
  if (open.length === 0) return null;
  return (
    <section class="given" aria-labelledby="given_title">
      <h2 id="given_title" class="section_title">
        <SchoolIcon />
        {t("assignment.open", { count: open.length })}
      </h2>
      <ul class="past_list">
        {open.slice(0, SHOWN).map((own) => (
          <AssignmentItem key={own.assignment.id} own={own} />
        ))}
      </ul>
      {open.length > SHOWN && (
        <a class="button more_button" href="/classes">
          {t("assignment.all")}
        </a>
      )}
    </section>
  );
}
