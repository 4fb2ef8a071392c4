import { useState } from "preact/hooks";
import { t } from "../i18n";
import { client } from "../state/app";
import { useAction, useLoaded } from "../state/use_loaded";
import { StarIcon } from "./icons";
import { Refusal } from "./refusal";

const STARS = [1, 2, 3, 4, 5] as const;

function Stars({ sessionId, given }: { sessionId: string; given: number | null }) {
  const [stars, setStars] = useState(given);
  const [thanks, setThanks] = useState(false);
  const { busy, refusal, run } = useAction();
  const give = (chosen: number) =>
    void run(() => client.giveStars(sessionId, chosen)).then((done) => {
      if (!done) return;
      setStars(chosen);
      setThanks(true);
    });
  return (
    <>
      <fieldset class="stars" disabled={busy}>
        <legend class="stars__title">{t("stars.title")}</legend>
        <div class="stars__row">
          {STARS.map((count) => (
            <label key={count} class={`stars__star ${stars !== null && count <= stars ? "stars__star--given" : ""}`}>
              <input class="visually_hidden" type="radio" name="stars" value={count} checked={stars === count} onChange={() => give(count)} />
              <StarIcon />
              <span class="visually_hidden">{t("stars.count", { count })}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <p class="hint" role="status">
        {thanks && t("stars.thanks")}
      </p>
      <Refusal lines={refusal} />
    </>
  );
}

// What the learner thinks of the feedback.
export function StarsCard({ sessionId }: { sessionId: string }) {
  const [state] = useLoaded(() => client.stars(sessionId), sessionId);
  if (state.name !== "loaded") return null;
  return (
    <section class="card stars_card">
      <Stars sessionId={sessionId} given={state.value} />
    </section>
  );
}
