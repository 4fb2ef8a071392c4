import { useLocation } from "preact-iso";
import type { Assignment, Learners, NewAssignment, Sentence, TaughtClass } from "@speechcoach/client";
import { AssignmentForm } from "../components/assignment_form";
import { AssignmentList } from "../components/assignment_list";
import { ChildrenCard } from "../components/children_card";
import { ClassCodeCard } from "../components/class_code_card";
import { ConfirmButton } from "../components/confirm_button";
import { BackIcon, DownloadIcon } from "../components/icons";
import { LearnersCard } from "../components/learners_card";
import { LoadedPart } from "../components/loaded_part";
import { Notice } from "../components/notice";
import { Refusal } from "../components/refusal";
import { StrugglesCard } from "../components/struggles_card";
import { TableForm } from "../components/table_form";
import { TeachersTogether } from "../components/together_cards";
import { t } from "../i18n";
import { saveFile } from "../state/download";
import { client } from "../state/app";
import { classesClient, readMyClasses } from "../state/my_classes";
import { useAction, useLoaded } from "../state/use_loaded";

interface ClassRoom {
  taught: TaughtClass | undefined;
  learners: Learners;
  assignments: readonly Assignment[];
  sentences: readonly Sentence[];
}

async function readRoom(id: number): Promise<ClassRoom> {
  const [classes, learners, assignments, sentences] = await Promise.all([
    classesClient.classes(),
    classesClient.learners(id),
    classesClient.assignments(id),
    client.sentences(),
  ]);
  return { taught: classes.teaching.find((taught) => taught.id === id), learners, assignments, sentences };
}

function Manage({ taught, onChange }: { taught: TaughtClass; onChange: () => void }) {
  const { route } = useLocation();
  const { busy, refusal, run } = useAction();
  const close = async () => {
    await classesClient.close(taught.id);
    await readMyClasses();
    route("/classes", true);
  };
  return (
    <section class="card" aria-labelledby="manage_title">
      <h2 id="manage_title" class="card__title">
        {t("classes.manage")}
      </h2>
      <form
        class="row_form"
        onSubmit={(event) => {
          event.preventDefault();
          const name = String(new FormData(event.currentTarget).get("name"));
          void run(() => classesClient.change(taught.id, { name })).then((done) => done && onChange());
        }}
      >
        <label class="field">
          {t("classes.name")}
          <input name="name" required maxLength={80} defaultValue={taught.name} autocomplete="off" />
        </label>
        <button type="submit" class="button" disabled={busy}>
          {t("classes.rename")}
        </button>
      </form>
      <Refusal lines={refusal} />
      <ConfirmButton name={t("classes.close")} warning={t("classes.close.sure")} onConfirm={close} />
    </section>
  );
}

function GradebookButton({ id }: { id: number }) {
  const { busy, refusal, run } = useAction();
  return (
    <>
      <button type="button" class="button" disabled={busy} onClick={() => void run(async () => saveFile(await classesClient.gradebook(id), `gradebook-${id}.csv`))}>
        <DownloadIcon />
        {t("classes.gradebook")}
      </button>
      <Refusal lines={refusal} />
    </>
  );
}

// Read once: learners see each time that somebody looks.
function ClassStruggles({ id }: { id: number }) {
  const [state, reload] = useLoaded(() => classesClient.struggles(id), id);
  return (
    <LoadedPart state={state} reload={reload} lines={2}>
      {(struggles) => <StrugglesCard classId={id} struggles={struggles} />}
    </LoadedPart>
  );
}

function Room({ room, taught, reload }: { room: ClassRoom; taught: TaughtClass; reload: () => void }) {
  const { id } = taught;
  const assign = (assignment: NewAssignment) => classesClient.assign(id, assignment).then(reload);
  const invite = async (table: string) => {
    const { invited, already } = await classesClient.invite(id, table);
    reload();
    return t("roster.done", { invited, already });
  };
  return (
    <>
      <div class="result__head">
        <h1 id="class_title" class="page_title">
          {taught.name}
        </h1>
        <GradebookButton id={id} />
      </div>
      <div class="result__columns">
        <div class="result__column">
          <LearnersCard classId={id} learners={room.learners} />
          <ClassStruggles id={id} />
          <ClassCodeCard taught={taught} onChange={reload} />
        </div>
        <div class="result__column">
          <section class="card" aria-labelledby="assignments_title">
            <h2 id="assignments_title" class="card__title">
              {t("assignment.title")}
            </h2>
            <AssignmentForm all={room.sentences} onAssign={assign} />
            <AssignmentList assignments={room.assignments} learners={room.learners.learners} onTakeBack={(which) => classesClient.takeBack(id, which).then(reload)} />
          </section>
          <TeachersTogether classId={id} />
          <section class="card">
            <TableForm name={t("roster.title")} hint={t("roster.hint")} columns="email,name" onSend={invite} />
          </section>
          <ChildrenCard classId={id} learners={room.learners.learners} />
          <Manage taught={taught} onChange={reload} />
        </div>
      </div>
    </>
  );
}

// A class as its teacher sees it.
export function ClassView({ params }: { params: { id: string } }) {
  const id = Number(params.id);
  const [state, reload] = useLoaded(() => readRoom(id), id);
  return (
    <div class="classes">
      <a class="back" href="/classes">
        <BackIcon />
        {t("nav.classes")}
      </a>
      <LoadedPart state={state} reload={reload}>
        {(room) =>
          room.taught === undefined ? (
            <Notice tone="warning" title={t("classes.missing")} text={t("classes.missing.text")} />
          ) : (
            <Room room={room} taught={room.taught} reload={reload} />
          )
        }
      </LoadedPart>
    </div>
  );
}
