import { useState } from "preact/hooks";
import { t } from "../i18n";
import { useAction } from "../state/use_loaded";
import { UploadIcon } from "./icons";
import { Refusal } from "./refusal";

interface TableFormProps {
  name: string;
  hint: string;
  // The first line: the names of the columns.
  columns: string;
  // Answers what was done.
  onSend: (table: string) => Promise<string>;
}

// Many lines at once: typed, pasted from a spreadsheet's CSV, or out of a file. Wrong lines are named and nothing is taken.
export function TableForm({ name, hint, columns, onSend }: TableFormProps) {
  const empty = `${columns}\n`;
  const [table, setTable] = useState(empty);
  const [done, setDone] = useState<string | null>(null);
  const { busy, refusal, run } = useAction();
  const send = async () => {
    setDone(await onSend(table));
    setTable(empty);
  };
  return (
    <form
      class="table_form"
      aria-label={name}
      onSubmit={(event) => {
        event.preventDefault();
        setDone(null);
        void run(send);
      }}
    >
      <label class="field">
        {name}
        <span class="option__note">{hint}</span>
        <textarea rows={4} value={table} spellcheck={false} onInput={(event) => setTable(event.currentTarget.value)} />
      </label>
      <Refusal lines={refusal} />
      {done !== null && (
        <p class="done" role="status">
          {done}
        </p>
      )}
      <div class="word_panel__actions">
        <button type="submit" class="button button--primary" disabled={busy}>
          {t("table.send")}
        </button>
        <label class="button file_button">
          <UploadIcon />
          {t("table.file")}
          <input
            class="visually_hidden"
            type="file"
            accept=".csv,text/csv"
            onChange={(event) => {
              const field = event.currentTarget;
              void field.files?.[0]?.text().then(setTable);
              field.value = "";
            }}
          />
        </label>
      </div>
    </form>
  );
}
