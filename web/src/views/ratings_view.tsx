import { useState } from "preact/hooks";
import { BackIcon } from "../components/icons";
import { LoadedPart } from "../components/loaded_part";
import { RatingForm } from "../components/rating_form";
import { t } from "../i18n";
import { ratingsClient } from "../state/ratings";
import { useLoaded } from "../state/use_loaded";

// A teacher hears readings one after the other and rates them, blindly.
export function RatingsView() {
  const [rated, setRated] = useState(0);
  const [passed, setPassed] = useState<string | null>(null);
  const [state, reload] = useLoaded(() => ratingsClient.next(passed), `${rated} ${passed}`);
  return (
    <div class="classes">
      <a class="back" href="/classes">
        <BackIcon />
        {t("nav.classes")}
      </a>
      <h1 class="page_title">{t("rating.title")}</h1>
      <p class="muted">{t("rating.text")}</p>
      <p class="rating__done" role="status">
        {rated > 0 && t("rating.done", { count: rated })}
      </p>
      <LoadedPart state={state} reload={reload}>
        {(task) =>
          task === null ? (
            <p class="card muted">{t("rating.none")}</p>
          ) : (
            <RatingForm key={task.session_id} task={task} onRated={() => setRated(rated + 1)} onPassed={() => setPassed(task.session_id)} />
          )
        }
      </LoadedPart>
    </div>
  );
}
