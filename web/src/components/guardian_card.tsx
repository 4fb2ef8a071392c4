import { useState } from "preact/hooks";
import type { GuardianConsent } from "@speechcoach/client";
import { t } from "../i18n";
import { declareChild, guardianConsent, makeGuardianLink } from "../state/guardian";
import { useAction, useLoaded } from "../state/use_loaded";
import { ConfirmButton } from "./confirm_button";
import { CopyButton } from "./copy_button";
import { QrCode } from "./qr_code";
import { Refusal } from "./refusal";

function Link({ address }: { address: string }) {
  return (
    <div class="guardian_link">
      <p>{t("guardian.link.text")}</p>
      <QrCode text={address} name={t("guardian.link.qr")} />
      <p class="class_address__url" translate={false}>
        {address}
      </p>
      <CopyButton name={t("guardian.link.copy")} text={address} />
    </div>
  );
}

// A guardian has not answered yet.
function Asking() {
  const [address, setAddress] = useState<string | null>(null);
  const { busy, refusal, run } = useAction();
  return (
    <>
      <p class="muted">{t("guardian.needed")}</p>
      {address === null ? (
        <button type="button" class="button button--primary" disabled={busy} onClick={() => void run(() => makeGuardianLink().then(setAddress))}>
          {t("guardian.link.make")}
        </button>
      ) : (
        <Link address={address} />
      )}
      <Refusal lines={refusal} />
    </>
  );
}

function Standing({ consent, reload }: { consent: GuardianConsent; reload: () => void }) {
  if (!consent.is_child) {
    return (
      <>
        <p class="muted">{t("guardian.text")}</p>
        <ConfirmButton name={t("guardian.declare")} warning={t("guardian.declare.sure")} onConfirm={() => declareChild().then(reload)} />
      </>
    );
  }
  if (consent.is_refused) return <p>{t("guardian.refused")}</p>;
  if (!consent.is_given) return <Asking />;
  return <p>{consent.guardian === null ? t("guardian.given.school") : t("guardian.given", { name: consent.guardian })}</p>;
}

// For children: who lets them practise. Where the server cannot be asked, nothing is offered.
export function GuardianCard() {
  const [state, reload] = useLoaded(guardianConsent, null);
  if (state.name !== "loaded") return null;
  return (
    <section class="card setting guardian" aria-labelledby="guardian_title">
      <h2 id="guardian_title" class="setting__title">
        {t("guardian.title")}
      </h2>
      <Standing consent={state.value} reload={reload} />
    </section>
  );
}
