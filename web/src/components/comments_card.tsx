import { useEffect, useState } from "preact/hooks";
import type { Comment } from "@speechcoach/client";
import type { LearnerAddress } from "../api/classes_client";
import type { Player } from "../audio/player";
import { t } from "../i18n";
import { formatClock, formatDateTime } from "../i18n/numbers";
import { auth } from "../state/app";
import { classesClient } from "../state/my_classes";
import type { Loaded } from "../state/use_loaded";
import { ChatIcon, PlayIcon } from "./icons";
import { LoadedPart } from "./loaded_part";
import { SentForm } from "./sent_form";

function CommentItem({ comment, player }: { comment: Comment; player: Player | null }) {
  const { author, at_s, text, created_at } = comment;
  return (
    <li class={`comment${author.id === auth.user.value?.id ? " comment--own" : ""}`}>
      <p class="comment__head">
        <strong>{author.name || t("comments.somebody")}</strong> <span class="muted">{formatDateTime(created_at)}</span>
      </p>
      <p>{text}</p>
      {at_s !== null && (
        <button type="button" class="button button--quiet comment__place" disabled={player === null} onClick={() => player?.playFrom(at_s)}>
          <PlayIcon />
          {t("comments.hear", { time: formatClock(at_s) })}
        </button>
      )}
    </li>
  );
}

// Where the recording was last heard, in seconds; null until it is.
function useLastPlace(player: Player | null): number | null {
  const [place, setPlace] = useState<number | null>(null);
  const now = player?.position.value ?? null;
  useEffect(() => {
    if (now !== null) setPlace(now);
  }, [now]);
  return place;
}

interface CommentFormProps {
  player: Player | null;
  onSay: (text: string, at_s: number | null) => Promise<unknown>;
}

function CommentForm({ player, onSay }: CommentFormProps) {
  const place = useLastPlace(player);
  const say = (form: FormData) => {
    const at_s = form.has("here") && place !== null ? Math.round(place * 10) / 10 : null;
    return onSay(String(form.get("text")), at_s);
  };
  return (
    <SentForm name={t("comments.say")} submit={t("comments.send")} send={say}>
      <label class="field">
        {t("comments.say")}
        <textarea name="text" rows={3} required maxLength={1300} />
      </label>
      {place !== null && (
        <label class="option">
          <input type="checkbox" name="here" />
          <span>{t("comments.here", { time: formatClock(place) })}</span>
        </label>
      )}
    </SentForm>
  );
}

interface CommentsCardProps {
  // Whose recording it is; null: one's own.
  learner: LearnerAddress | null;
  sessionId: string;
  player: Player | null;
  comments: Loaded<Comment[]>;
  reload: () => void;
}

// What teacher and learner say to each other about a recording.
export function CommentsCard({ learner, sessionId, player, comments, reload }: CommentsCardProps) {
  return (
    <section class="card comments" aria-labelledby="comments_title">
      <h2 id="comments_title" class="card__title">
        <ChatIcon />
        {t("comments.title")}
      </h2>
      <LoadedPart state={comments} reload={reload} lines={1}>
        {(said) => (
          <ul class="comment_list">
            {said.map((comment) => (
              <CommentItem key={comment.id} comment={comment} player={player} />
            ))}
          </ul>
        )}
      </LoadedPart>
      <CommentForm player={player} onSay={(text, at_s) => classesClient.comment(learner, sessionId, { text, at_s }).then(reload)} />
    </section>
  );
}
