import { useState } from "preact/hooks";
import { ApiError } from "@speechcoach/client";
import { t } from "../i18n";
import { auth } from "../state/app";
import { loadMe } from "../state/me";

type Action = "register" | "log_in";

async function send(action: Action, form: FormData): Promise<void> {
  const text = (name: string) => String(form.get(name) ?? "");
  if (action === "register") await auth.register({ name: text("name"), email: text("email"), password: text("password") });
  else await auth.logIn(text("email"), text("password"));
  await loadMe();
}

function AccountForm({ action, onDone }: { action: Action; onDone: () => void }) {
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const isNew = action === "register";
  return (
    <form
      class="account_form"
      aria-label={t(`account.${action}`)}
      onSubmit={(event) => {
        event.preventDefault();
        setBusy(true);
        setRefusal(null);
        send(action, new FormData(event.currentTarget))
          .then(onDone, (error: unknown) => setRefusal((error instanceof ApiError && error.message) || t("home.unreachable.text")))
          .finally(() => setBusy(false));
      }}
    >
      {isNew && (
        <label class="field">
          {t("account.name")}
          <input name="name" maxLength={80} autocomplete="name" />
        </label>
      )}
      <label class="field">
        {t("account.email")}
        <input name="email" type="email" required maxLength={254} autocomplete="email" />
      </label>
      <label class="field">
        {t("account.password")}
        <input name="password" type="password" required minLength={isNew ? 8 : 1} maxLength={256} autocomplete={isNew ? "new-password" : "current-password"} />
        {isNew && <span class="option__note">{t("account.password.rule")}</span>}
      </label>
      {refusal !== null && (
        <p class="account_form__refusal" role="alert">
          {refusal}
        </p>
      )}
      <button type="submit" class="button button--primary" disabled={busy}>
        {t(`account.${action}`)}
      </button>
    </form>
  );
}

function Account() {
  const name = auth.user.value?.name ?? "";
  return (
    <>
      <p>{name === "" ? t("account.signed_in") : t("account.signed_in.as", { name })}</p>
      <button type="button" class="button" onClick={() => void auth.logOut().then(loadMe)}>
        {t("account.log_out")}
      </button>
    </>
  );
}

function Guest() {
  const [action, setAction] = useState<Action | null>(null);
  return (
    <>
      <p class="muted">{t("account.guest")}</p>
      <div class="word_panel__actions">
        {(["register", "log_in"] as const).map((choice) => (
          <button key={choice} type="button" class="button" aria-expanded={action === choice} onClick={() => setAction(action === choice ? null : choice)}>
            {t(`account.${choice}`)}
          </button>
        ))}
      </div>
      {action !== null && <AccountForm key={action} action={action} onDone={() => setAction(null)} />}
    </>
  );
}

// A guest can become an account without losing what was practised.
export function AccountCard() {
  return (
    <section class="card setting account" aria-labelledby="account_title">
      <h2 id="account_title" class="setting__title">
        {t("account.title")}
      </h2>
      {auth.hasAccount.value ? <Account /> : <Guest />}
    </section>
  );
}
