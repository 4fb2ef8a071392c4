import type { SchoolClass, TaughtClass } from "@speechcoach/client";
import { AccessesCard } from "../components/accesses_card";
import { AssignmentItem } from "../components/assignment_item";
import { ConfirmButton } from "../components/confirm_button";
import { ForwardIcon } from "../components/icons";
import { JoinClassCard } from "../components/join_class_card";
import { LoadedPart } from "../components/loaded_part";
import { Refusal } from "../components/refusal";
import { LearnersTogether } from "../components/together_cards";
import { t } from "../i18n";
import { auth } from "../state/app";
import { mayTeach } from "../state/me";
import { classesClient, joinClass, myClasses, readMyClasses } from "../state/my_classes";
import { useAction, useLoaded } from "../state/use_loaded";

function OpenClassForm() {
  const { busy, refusal, run } = useAction();
  return (
    <>
      <form
        class="row_form"
        aria-label={t("classes.open")}
        onSubmit={(event) => {
          event.preventDefault();
          const form = event.currentTarget;
          const name = String(new FormData(form).get("name"));
          void run(() => classesClient.open(name).then(readMyClasses)).then((done) => done && form.reset());
        }}
      >
        <label class="field">
          {t("classes.name")}
          <input name="name" required maxLength={80} autocomplete="off" />
        </label>
        <button type="submit" class="button button--primary" disabled={busy}>
          {t("classes.open")}
        </button>
      </form>
      <Refusal lines={refusal} />
    </>
  );
}

function Teaching({ taught }: { taught: readonly TaughtClass[] }) {
  return (
    <section class="card" aria-labelledby="teaching_title">
      <div class="card__head">
        <h2 id="teaching_title" class="card__title">
          {t("classes.teaching")}
        </h2>
        <span class="card__links">
          <a class="button button--quiet" href="/my-sentences">
            {t("sentences.own")}
          </a>
          <a class="button button--quiet" href="/ratings">
            {t("rating.title")}
          </a>
        </span>
      </div>
      {taught.length === 0 && <p class="muted">{t("classes.teaching.none")}</p>}
      <ul class="plain_list">
        {taught.map(({ id, name, code }) => (
          <li key={id}>
            <a class="plain_list__link" href={`/classes/${id}`}>
              <span>
                <strong>{name}</strong> <span class="muted">{t("classes.code.is", { code })}</span>
              </span>
              <ForwardIcon />
            </a>
          </li>
        ))}
      </ul>
      <OpenClassForm />
    </section>
  );
}

function Invitation({ from }: { from: SchoolClass }) {
  const { busy, refusal, run } = useAction();
  return (
    <li>
      <span>{t("classes.invited", { name: from.name })}</span>
      <button type="button" class="button button--primary" disabled={busy} onClick={() => void run(() => joinClass({ class_id: from.id }))}>
        {t("classes.join.do")}
      </button>
      <Refusal lines={refusal} />
    </li>
  );
}

function LeaveButton({ from }: { from: SchoolClass }) {
  const leave = () => classesClient.remove({ classId: from.id, userId: auth.user.value?.id ?? 0 }).then(readMyClasses);
  return <ConfirmButton name={t("classes.leave")} warning={t("classes.leave.sure", { name: from.name })} onConfirm={leave} />;
}

function Learning({ classes }: { classes: readonly SchoolClass[] }) {
  const assignments = myClasses.value?.assignments ?? [];
  return (
    <>
      {classes.map((from) => {
        const own = assignments.filter((each) => each.from.id === from.id);
        return (
          <section key={from.id} aria-labelledby={`class_${from.id}`}>
            <div class="card__head">
              <h2 id={`class_${from.id}`} class="section_title">
                {from.name}
              </h2>
              <LeaveButton from={from} />
            </div>
            {own.length === 0 && <p class="muted">{t("assignment.none")}</p>}
            <ul class="past_list">
              {own.map((each) => (
                <AssignmentItem key={each.assignment.id} own={each} />
              ))}
            </ul>
            <div class="together">
              <LearnersTogether classId={from.id} />
            </div>
          </section>
        );
      })}
    </>
  );
}

// The classes one teaches, learns in, and is invited to.
export function ClassesView() {
  const [state, reload] = useLoaded(readMyClasses, null);
  // Where the server is away, what it said last is better than nothing.
  const known = myClasses.value;
  return (
    <section class="classes" aria-labelledby="classes_title">
      <h1 id="classes_title" class="page_title">
        {t("nav.classes")}
      </h1>
      {known === null && (
        <LoadedPart state={state} reload={reload}>
          {() => null}
        </LoadedPart>
      )}
      {known !== null && (
        <>
          {known.classes.invitations.length > 0 && (
            <ul class="card plain_list">
              {known.classes.invitations.map((from) => (
                <Invitation key={from.id} from={from} />
              ))}
            </ul>
          )}
          {mayTeach() && <Teaching taught={known.classes.teaching} />}
          <Learning classes={known.classes.learning} />
        </>
      )}
      <JoinClassCard />
      <AccessesCard />
    </section>
  );
}
