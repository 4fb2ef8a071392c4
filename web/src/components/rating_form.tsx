import { useEffect, useRef, useState } from "preact/hooks";
import type { NewRating, RatingTask } from "@speechcoach/client";
import { Player } from "../audio/player";
import { t } from "../i18n";
import { ratingsClient } from "../state/ratings";
import { useLoaded } from "../state/use_loaded";
import { LoadedPart } from "./loaded_part";
import { RecordingBar } from "./recording_bar";
import { SentForm } from "./sent_form";

// In the wire's order; each is rated from 0 to HIGHEST.
export const RATED = ["accuracy", "fluency", "prosodic", "total"] as const;
type Rated = (typeof RATED)[number];
const HIGHEST = 10;

function Scale({ name }: { name: Rated }) {
  const note = `scale_${name}`;
  return (
    <fieldset class="scale" aria-describedby={note}>
      <legend>{t(`rating.${name}`)}</legend>
      <p id={note} class="option__note">
        {t(`rating.${name}.text`)}
      </p>
      <div class="scale__row">
        {Array.from({ length: HIGHEST + 1 }, (_, points) => (
          <label key={points} class="scale__step">
            <input class="visually_hidden" type="radio" name={name} value={points} required />
            <span>{points}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function ratingOf(form: FormData): NewRating {
  const points = (name: Rated) => Number(form.get(name));
  return { accuracy: points("accuracy"), fluency: points("fluency"), prosodic: points("prosodic"), total: points("total") };
}

// Whoever has not heard it cannot rate it.
function HeardFirst({ player, onHeard }: { player: Player; onHeard: () => void }) {
  const isPlaying = player.position.value !== null;
  useEffect(() => {
    if (isPlaying) onHeard();
  }, [isPlaying]);
  useEffect(() => () => player.dispose(), [player]);
  return <RecordingBar player={player} />;
}

// One reading: its sentence, its sound, and what the teacher thinks of it. Neither whose it is nor what the program thought.
export function RatingForm({ task, onRated, onPassed }: { task: RatingTask; onRated: () => void; onPassed: () => void }) {
  const [heard, setHeard] = useState(false);
  const [sound, reload] = useLoaded(() => ratingsClient.recording(task.session_id).then((file) => Player.ofFile(file)), task.session_id);
  const sentence = useRef<HTMLHeadingElement>(null);
  useEffect(() => sentence.current?.focus(), []);
  return (
    <section class="card rating" aria-labelledby="rating_sentence">
      <h2 id="rating_sentence" class="rating__sentence" lang="en" tabIndex={-1} ref={sentence}>
        {task.reference_text}
      </h2>
      <LoadedPart state={sound} reload={reload} lines={1}>
        {(player) => (player === null ? <p class="muted">{t("rating.unplayable")}</p> : <HeardFirst player={player} onHeard={() => setHeard(true)} />)}
      </LoadedPart>
      {heard ? (
        <SentForm name={t("rating.title")} submit={t("rating.send")} send={(form) => ratingsClient.rate(task.session_id, ratingOf(form))} onSent={onRated}>
          {RATED.map((name) => (
            <Scale key={name} name={name} />
          ))}
        </SentForm>
      ) : (
        <p class="hint">{t("rating.hear_first")}</p>
      )}
      <button type="button" class="button button--quiet" onClick={onPassed}>
        {t("rating.pass")}
      </button>
    </section>
  );
}
