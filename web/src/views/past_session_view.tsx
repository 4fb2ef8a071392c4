import { useEffect, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { ApiError, type Session } from "@speechcoach/client";
import { Player } from "../audio/player";
import { BackIcon, TrashIcon } from "../components/icons";
import { Loading } from "../components/loading";
import { Notice } from "../components/notice";
import { t } from "../i18n";
import { formatDay, formatTime } from "../i18n/numbers";
import { client } from "../state/app";
import { outcomeOfSession } from "../state/outcome";
import { ResultView } from "./result_view";

type State = { name: "loading" } | { name: "missing" } | { name: "failed" } | { name: "loaded"; session: Session };

function usePlayer(session: Session | null): Player | null {
  const [player, setPlayer] = useState<Player | null>(null);
  useEffect(() => {
    if (session?.audio == null) return;
    let opened: Player | null = null;
    let left = false;
    void client
      .recording(session.id)
      .then((audio) => Player.ofFile(audio))
      .catch(() => null)
      .then((found) => {
        if (left) return found?.dispose();
        opened = found;
        setPlayer(found);
      });
    return () => {
      left = true;
      opened?.dispose();
    };
  }, [session]);
  return player;
}

function DeleteButton({ id }: { id: string }) {
  const { route } = useLocation();
  const [asked, setAsked] = useState(false);
  const [failed, setFailed] = useState(false);
  if (!asked) {
    return (
      <button type="button" class="button button--quiet" onClick={() => setAsked(true)}>
        <TrashIcon />
        {t("past.delete")}
      </button>
    );
  }
  return (
    <div class="confirm" role="group" aria-label={t("past.delete")}>
      <p>{t(failed ? "past.delete.failed" : "past.delete.sure")}</p>
      <button
        type="button"
        class="button button--danger"
        onClick={() =>
          void client.deleteSession(id).then(
            () => route("/history", true),
            () => setFailed(true),
          )
        }
      >
        {t("past.delete")}
      </button>
      <button type="button" class="button" onClick={() => setAsked(false)}>
        {t("past.keep")}
      </button>
    </div>
  );
}

function Past({ session }: { session: Session }) {
  const player = usePlayer(session);
  const outcome = outcomeOfSession(session);
  return (
    <>
      {outcome === null ? (
        <Notice tone="warning" title={t("past.unanalysed.title")} text={session.error?.message ?? t("past.unanalysed.text")} />
      ) : (
        <ResultView outcome={outcome} before={null} reference={session.reference_text} player={player} />
      )}
      <div class="past_actions">
        {session.sentence_id !== null && (
          <a class="button button--primary" href={`/sentence/${session.sentence_id}`}>
            {t("past.again")}
          </a>
        )}
        <DeleteButton id={session.id} />
      </div>
    </>
  );
}

// A result of the past, with its recording.
export function PastSessionView({ params }: { params: { id: string } }) {
  const [state, setState] = useState<State>({ name: "loading" });
  useEffect(() => {
    let left = false;
    const show = (next: State) => !left && setState(next);
    client.session(params.id).then(
      (session) => show({ name: "loaded", session }),
      (error: unknown) => show({ name: error instanceof ApiError && error.code === "session_not_found" ? "missing" : "failed" }),
    );
    return () => {
      left = true;
    };
  }, [params.id]);
  return (
    <div class="practice">
      <a class="back" href="/history">
        <BackIcon />
        {t("past.back")}
      </a>
      {state.name === "loaded" && (
        <p class="hint">
          {formatDay(state.session.created_at)}, {formatTime(state.session.created_at)}
        </p>
      )}
      {state.name === "loading" && <Loading />}
      {state.name === "missing" && <Notice tone="warning" title={t("past.missing.title")} text={t("past.missing.text")} />}
      {state.name === "failed" && <Notice tone="error" title={t("home.unreachable.title")} text={t("home.unreachable.text")} />}
      {state.name === "loaded" && <Past session={state.session} />}
    </div>
  );
}
