import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { t } from "../i18n";
import { useAction } from "../state/use_loaded";
import { Refusal } from "./refusal";

interface ConfirmButtonProps {
  name: string;
  // What cannot be undone.
  warning: string;
  onConfirm: () => Promise<unknown>;
  // In place of the name, where the button is small.
  children?: ComponentChildren;
}

// Asks once more before something is gone.
export function ConfirmButton({ name, warning, onConfirm, children }: ConfirmButtonProps) {
  const [asked, setAsked] = useState(false);
  const { busy, refusal, run } = useAction();
  if (!asked) {
    return (
      <button type="button" class="button button--quiet" aria-label={name} onClick={() => setAsked(true)}>
        {children ?? name}
      </button>
    );
  }
  return (
    <div class="confirm" role="group" aria-label={name}>
      <p>{warning}</p>
      <Refusal lines={refusal} />
      <button type="button" class="button button--danger" disabled={busy} onClick={() => void run(onConfirm).then((done) => done && setAsked(false))}>
        {name}
      </button>
      <button type="button" class="button" onClick={() => setAsked(false)}>
        {t("past.keep")}
      </button>
    </div>
  );
}
