import { useState } from "preact/hooks";
import { t } from "../i18n";
import { guardianConsent } from "../state/guardian";
import { ratingsClient } from "../state/ratings";
import { useAction, useLoaded } from "../state/use_loaded";
import { Refusal } from "./refusal";

function Switch({ wasGiven }: { wasGiven: boolean }) {
  const [given, setGiven] = useState(wasGiven);
  const { busy, refusal, run } = useAction();
  const change = (wanted: boolean) => {
    setGiven(wanted);
    void run(() => ratingsClient.setConsent(wanted)).then((done) => done || setGiven(!wanted));
  };
  return (
    <>
      <label class="option">
        <input type="checkbox" checked={given} aria-disabled={busy} onClick={(event) => busy && event.preventDefault()} onChange={(event) => change(event.currentTarget.checked)} />
        <span>
          {t("rating.consent")}
          <span class="option__note">{t("rating.consent.note")}</span>
        </span>
      </label>
      <Refusal lines={refusal} />
    </>
  );
}

// null: a child, for whom nobody but a guardian agrees to anything.
async function consent(): Promise<boolean | null> {
  return (await guardianConsent()).is_child ? null : ratingsClient.consent();
}

// Off until the learner says yes. Where the server cannot be asked, nothing is offered.
export function RatingConsent() {
  const [state] = useLoaded(consent, null);
  return state.name === "loaded" && state.value !== null ? <Switch wasGiven={state.value} /> : null;
}
