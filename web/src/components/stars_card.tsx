import { useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { client } from "../state/app";
import { useAction, useLoaded } from "../state/use_loaded";
import { useRested } from "../state/use_rested";
import { StarIcon } from "./icons";
import { Refusal } from "./refusal";

const STARS = [1, 2, 3, 4, 5] as const;

function Stars({ sessionId, given }: { sessionId: string; given: number | null }) {
  const [stars, setStars] = useState(given);
  const [thanks, setThanks] = useState(false);
  const { refusal, run } = useAction();
  const kept = useRef(given);
  const choices = useRef(0);
  const sending = useRef(Promise.resolve());
  const { choose, settle } = useRested(({ count, turn }: { count: number; turn: number }) => {
    // One after the other: what was chosen last is what stays.
    sending.current = sending.current.then(async () => {
      const done = await run(() => client.giveStars(sessionId, count));
      if (done) kept.current = count;
      setThanks(done);
      if (turn === choices.current) setStars(kept.current);
    });
  });
  const give = (count: number) => {
    setStars(count);
    choose({ count, turn: ++choices.current });
  };
  return (
    <>
      <fieldset class="stars" onFocusOut={(event) => event.currentTarget.contains(event.relatedTarget as Node | null) || settle()}>
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
