import type { TaughtClass } from "@speechcoach/client";
import { t } from "../i18n";
import { classAddress } from "../state/class_address";
import { classesClient } from "../state/my_classes";
import { useLoaded } from "../state/use_loaded";
import { ConfirmButton } from "./confirm_button";
import { CopyButton } from "./copy_button";
import { QrCode } from "./qr_code";

const PAIRS_A_LINE = 8;

// Short lines, as people compare it by eye.
function Fingerprint({ value }: { value: string }) {
  const pairs = value.split(":");
  const lines = Array.from({ length: Math.ceil(pairs.length / PAIRS_A_LINE) }, (_, line) => pairs.slice(line * PAIRS_A_LINE, (line + 1) * PAIRS_A_LINE).join(":"));
  return (
    <p class="class_address__fingerprint" aria-labelledby="fingerprint_title" translate={false}>
      {lines.map((line, index) => (
        <span key={index}>{index < lines.length - 1 ? `${line}:` : line}</span>
      ))}
    </p>
  );
}

// What a class at its first lesson needs on the board: the code, and as a QR code the address that brings it along.
export function ClassCodeCard({ taught, onChange }: { taught: TaughtClass; onChange: () => void }) {
  const [lan] = useLoaded(() => classesClient.lan(), null);
  const renew = () => classesClient.change(taught.id, { new_code: true }).then(onChange);
  const address = lan.name === "loaded" ? classAddress(lan.value.url, taught.code) : null;
  const fingerprint = lan.name === "loaded" ? lan.value.fingerprint : null;
  return (
    <section class="card" aria-labelledby="code_title">
      <h2 id="code_title" class="card__title">
        {t("classes.code")}
      </h2>
      <p class="class_code" translate={false}>
        {taught.code}
      </p>
      <p class="card__lead">{t("classes.code.text")}</p>
      {address !== null && (
        <figure class="class_address">
          <QrCode text={address} name={t("classes.qr")} />
          <figcaption>
            <p>{t("classes.qr.text")}</p>
            <p class="class_address__url" translate={false}>
              {new URL(address).origin}
            </p>
            {fingerprint !== null && (
              <>
                <p class="hint">{t("classes.qr.warning")}</p>
                <p class="hint" id="fingerprint_title">
                  {t("classes.qr.fingerprint")}
                </p>
                <Fingerprint value={fingerprint} />
              </>
            )}
          </figcaption>
        </figure>
      )}
      <div class="word_panel__actions">
        <CopyButton name={t("classes.code.copy")} text={taught.code} />
        <ConfirmButton name={t("classes.code.renew")} warning={t("classes.code.renew.sure")} onConfirm={renew} />
      </div>
    </section>
  );
}
