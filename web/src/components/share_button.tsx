import { useState } from "preact/hooks";
import { t } from "../i18n";
import { saveFile } from "../state/download";
import type { Outcome } from "../state/outcome";
import { ShareIcon } from "./icons";

// Offers the result as a picture to the device's share sheet, or as a file where there is none.
async function share(outcome: Outcome, reference: string): Promise<void> {
  const { drawResult } = await import("./result_picture");
  const blob = await drawResult(outcome, reference);
  const file = new File([blob], "speech-coach.png", { type: "image/png" });
  if (navigator.canShare?.({ files: [file] })) {
    // Who closes the sheet has shared nothing: no fault.
    await navigator.share({ files: [file], title: t("app.name") }).catch(() => undefined);
    return;
  }
  saveFile(file, file.name);
}

export function ShareButton({ outcome, reference }: { outcome: Outcome; reference: string }) {
  const [busy, setBusy] = useState(false);
  return (
    <button
      type="button"
      class="button button--quiet"
      disabled={busy}
      onClick={() => {
        setBusy(true);
        void share(outcome, reference).finally(() => setBusy(false));
      }}
    >
      <ShareIcon />
      {t("result.share")}
    </button>
  );
}
