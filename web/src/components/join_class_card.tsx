import { useLocation } from "preact-iso";
import { t } from "../i18n";
import { joinClass } from "../state/my_classes";
import { useAction } from "../state/use_loaded";
import { Refusal } from "./refusal";

// A learner types what the teacher wrote on the board, or came by its QR code, which brings the code along.
export function JoinClassCard() {
  const { query } = useLocation();
  const { busy, refusal, run } = useAction();
  return (
    <section class="card" aria-labelledby="join_title">
      <h2 id="join_title" class="card__title">
        {t("classes.join")}
      </h2>
      <p class="card__lead">{t("classes.join.text")}</p>
      <form
        class="row_form"
        onSubmit={(event) => {
          event.preventDefault();
          const form = event.currentTarget;
          const code = String(new FormData(form).get("code"));
          void run(() => joinClass({ code })).then((done) => done && form.reset());
        }}
      >
        <label class="field">
          {t("classes.code")}
          <input name="code" required maxLength={40} defaultValue={query.code} autocomplete="off" autocapitalize="characters" spellcheck={false} />
        </label>
        <button type="submit" class="button button--primary" disabled={busy}>
          {t("classes.join.do")}
        </button>
      </form>
      <Refusal lines={refusal} />
    </section>
  );
}
