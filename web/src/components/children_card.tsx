import type { ChildInClass, ClassLearner } from "@speechcoach/client";
import { t } from "../i18n";
import { learnerName } from "../i18n/learners";
import { classesClient } from "../state/my_classes";
import { useAction, useLoaded } from "../state/use_loaded";
import { ConfirmButton } from "./confirm_button";
import { LoadedPart } from "./loaded_part";
import { Refusal } from "./refusal";

interface ChildrenCardProps {
  classId: number;
  learners: readonly ClassLearner[];
}

function statusOf({ is_given, source }: ChildInClass): string {
  if (!is_given) return t("children.waiting");
  return t(source === "guardian" ? "children.given.guardian" : "children.given.school");
}

function Child({ classId, child, onChange }: { classId: number; child: ChildInClass; onChange: () => void }) {
  const address = { classId, userId: child.user_id };
  const name = learnerName(child);
  return (
    <li>
      <strong>{name}</strong>
      <p class="past__facts">{statusOf(child)}</p>
      <div class="word_panel__actions">
        {!child.is_given && (
          <ConfirmButton name={t("children.record")} warning={t("children.record.sure", { name })} onConfirm={() => classesClient.recordChild(address, true).then(onChange)} />
        )}
        {child.source !== "guardian" && (
          <ConfirmButton name={t("children.undo")} warning={t("children.undo.sure", { name })} onConfirm={() => classesClient.undoChild(address).then(onChange)} />
        )}
      </div>
    </li>
  );
}

function AddChild({ classId, others, onChange }: { classId: number; others: readonly ClassLearner[]; onChange: () => void }) {
  const { busy, refusal, run } = useAction();
  const add = (form: HTMLFormElement) => {
    const userId = Number(new FormData(form).get("learner"));
    void run(() => classesClient.recordChild({ classId, userId }, false)).then((done) => done && onChange());
  };
  return (
    <form
      class="row_form"
      aria-label={t("children.add")}
      onSubmit={(event) => {
        event.preventDefault();
        add(event.currentTarget);
      }}
    >
      <label class="field">
        {t("children.learner")}
        <select name="learner" required>
          {others.map((learner) => (
            <option key={learner.user_id} value={learner.user_id}>
              {learnerName(learner)}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" class="button" disabled={busy}>
        {t("children.add")}
      </button>
      <Refusal lines={refusal} />
    </form>
  );
}

// Who of a class needs a guardian's consent, and what the teacher knows of it.
export function ChildrenCard({ classId, learners }: ChildrenCardProps) {
  const [state, reload] = useLoaded(() => classesClient.children(classId), classId);
  return (
    <LoadedPart state={state} reload={reload} lines={2}>
      {(children) => {
        const known = new Set(children.map((child) => child.user_id));
        const others = learners.filter((learner) => !known.has(learner.user_id));
        return (
          <section class="card" aria-labelledby="children_title">
            <h2 id="children_title" class="card__title">
              {t("children.title", { count: children.length })}
            </h2>
            <p class="muted">{t("children.text")}</p>
            <ul class="plain_list">
              {children.map((child) => (
                <Child key={child.user_id} classId={classId} child={child} onChange={reload} />
              ))}
            </ul>
            {others.length > 0 && <AddChild classId={classId} others={others} onChange={reload} />}
          </section>
        );
      }}
    </LoadedPart>
  );
}
