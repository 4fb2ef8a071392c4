import { useState } from "preact/hooks";
import type { LlmProvider } from "@speechcoach/client";
import { t } from "../i18n";
import { formatNumber } from "../i18n/numbers";
import type { Administration } from "../state/administration";
import { LlmKeyRow } from "./llm_key_row";

function AddKey({ provider, administration }: { provider: string; administration: Administration }) {
  const [open, setOpen] = useState(false);
  if (!open) {
    return (
      <button type="button" class="button" onClick={() => setOpen(true)}>
        {t("admin.key.add")}
      </button>
    );
  }
  return (
    <form
      class="admin_form"
      aria-label={t("admin.key.add")}
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        const key = { name: String(form.get("name")), key: String(form.get("key")) };
        void administration.addKey(provider, key).then((added) => added && setOpen(false));
      }}
    >
      <label class="field">
        {t("admin.key.name")}
        <input name="name" required maxLength={100} autocomplete="off" />
      </label>
      <label class="field">
        {t("admin.key.secret")}
        <input name="key" type="password" required minLength={8} maxLength={500} autocomplete="off" />
      </label>
      <button type="submit" class="button button--primary">
        {t("admin.key.add")}
      </button>
      <button type="button" class="button" onClick={() => setOpen(false)}>
        {t("record.cancel")}
      </button>
    </form>
  );
}

type ProviderState = "off" | "no_key" | LlmProvider["circuit"];

// Why it is not asked, or else what its circuit breaker says.
function stateOf(provider: LlmProvider): ProviderState {
  if (provider.is_active === false) return "off";
  if (provider.needs_key === true && !provider.keys.some((key) => key.is_active)) return "no_key";
  return provider.circuit;
}

// One provider with its circuit breaker's state, models and keys.
export function LlmProviderCard({ provider, administration }: { provider: LlmProvider; administration: Administration }) {
  const isOn = provider.is_active ?? true;
  return (
    <section class="card llm_provider" aria-labelledby={`provider_${provider.name}`}>
      <div class="card__head">
        <h2 id={`provider_${provider.name}`} class="card__title">
          {provider.name}
        </h2>
        <span class={`state state--provider_${stateOf(provider)}`}>{t(`admin.provider.${stateOf(provider)}`)}</span>
      </div>
      <p class="llm_key__facts">
        {provider.models.map((model) => model.name).join(", ")}
        {provider.first_token_p95_ms !== null && <> · {t("admin.first_token", { ms: formatNumber(provider.first_token_p95_ms, 0) })}</>}
      </p>
      {provider.keys.length > 0 && (
        <ul class="llm_keys">
          {provider.keys.map((key) => (
            <LlmKeyRow key={key.id} llmKey={key} administration={administration} />
          ))}
        </ul>
      )}
      <div class="llm_key__actions">
        <AddKey provider={provider.name} administration={administration} />
        <button type="button" class="button button--quiet" onClick={() => void administration.setActive(provider.name, !isOn)}>
          {t(isOn ? "admin.provider.turn_off" : "admin.provider.turn_on")}
        </button>
      </div>
    </section>
  );
}
