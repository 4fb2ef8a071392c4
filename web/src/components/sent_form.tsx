import type { ComponentChildren } from "preact";
import { useAction } from "../state/use_loaded";
import { Refusal } from "./refusal";

interface SentFormProps {
  name: string;
  submit: string;
  send: (form: FormData) => Promise<unknown>;
  onSent?: () => void;
  children: ComponentChildren;
}

// A form whose fields are sent, and empty again once they were taken.
export function SentForm({ name, submit, send, onSent, children }: SentFormProps) {
  const { busy, refusal, run } = useAction();
  return (
    <form
      class="table_form"
      aria-label={name}
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        void run(() => send(new FormData(form))).then((done) => {
          if (!done) return;
          form.reset();
          onSent?.();
        });
      }}
    >
      {children}
      <Refusal lines={refusal} />
      <button type="submit" class="button button--primary" disabled={busy}>
        {submit}
      </button>
    </form>
  );
}
