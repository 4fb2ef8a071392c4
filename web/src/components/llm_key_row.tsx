import { useState } from "preact/hooks";
import type { LlmKey } from "@speechcoach/client";
import { t, textOf } from "../i18n";
import { formatNumber, formatTime } from "../i18n/numbers";
import type { Administration } from "../state/administration";

type KeyState = "active" | "paused" | "disabled" | "limited";

function stateOf(key: LlmKey): KeyState {
  if (key.disabled_reason !== null) return "disabled";
  if (!key.is_active) return "paused";
  return key.rate_limit_reset_at !== null && Date.parse(key.rate_limit_reset_at) > Date.now() ? "limited" : "active";
}

function StateText({ llmKey }: { llmKey: LlmKey }) {
  const state = stateOf(llmKey);
  if (state === "disabled") return <>{t("admin.key.disabled", { reason: textOf(`admin.reason.${llmKey.disabled_reason}`, llmKey.disabled_reason ?? "") })}</>;
  if (state === "limited") return <>{t("admin.key.limited", { time: formatTime(llmKey.rate_limit_reset_at ?? "") })}</>;
  return <>{t(`admin.key.${state}`)}</>;
}

// An empty field is no limit.
function limitOf(text: FormDataEntryValue | null): number | null {
  return typeof text === "string" && text.trim() !== "" ? Number(text) : null;
}

function Limits({ llmKey, administration, onClose }: { llmKey: LlmKey; administration: Administration; onClose: () => void }) {
  return (
    <form
      class="admin_form"
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        const change = { daily_request_limit: limitOf(form.get("daily")), monthly_budget_usd: limitOf(form.get("budget")) };
        void administration.changeKey(llmKey.id, change).then((done) => done && onClose());
      }}
    >
      <label class="field">
        {t("admin.key.daily")}
        <input name="daily" type="number" min="0" step="1" defaultValue={llmKey.daily_request_limit ?? ""} />
      </label>
      <label class="field">
        {t("admin.key.budget")}
        <input name="budget" type="number" min="0" step="0.01" defaultValue={llmKey.monthly_budget_usd ?? ""} />
      </label>
      <button type="submit" class="button button--primary">
        {t("admin.save")}
      </button>
      <button type="button" class="button" onClick={onClose}>
        {t("record.cancel")}
      </button>
    </form>
  );
}

// One key: what it did, what it may do, and everything that can be done with it. Its secret is never shown.
export function LlmKeyRow({ llmKey, administration }: { llmKey: LlmKey; administration: Administration }) {
  const [editing, setEditing] = useState(false);
  const [busy, setBusy] = useState(false);
  const test = administration.tests.value.get(llmKey.id);
  const isOn = llmKey.is_active;
  const during = (work: Promise<unknown>) => {
    setBusy(true);
    void work.finally(() => setBusy(false));
  };
  return (
    <li class="llm_key" data-state={stateOf(llmKey)}>
      <p class="llm_key__name">
        <strong>{llmKey.name}</strong> <span class="muted">…{llmKey.last4}</span>
        <span class={`state state--${stateOf(llmKey)}`}>
          <StateText llmKey={llmKey} />
        </span>
      </p>
      <p class="llm_key__facts">
        {t("admin.key.used", { requests: formatNumber(llmKey.total_requests, 0), cost: formatNumber(llmKey.total_cost_usd, 2) })}
        {llmKey.daily_request_limit != null && <> · {t("admin.key.daily.is", { limit: formatNumber(llmKey.daily_request_limit, 0) })}</>}
        {llmKey.monthly_budget_usd != null && (
          <> · {t("admin.key.budget.is", { spent: formatNumber(llmKey.month_cost_usd ?? 0, 2), budget: formatNumber(llmKey.monthly_budget_usd, 2) })}</>
        )}
      </p>
      {test !== undefined && (
        <p class={test.works ? "llm_key__works" : "llm_key__fails"} role="status">
          {test.works ? t("admin.key.works", { model: test.model, ms: test.response_time_ms }) : t("admin.key.fails", { fault: test.fault ?? "" })}
        </p>
      )}
      {editing ? (
        <Limits llmKey={llmKey} administration={administration} onClose={() => setEditing(false)} />
      ) : (
        <div class="llm_key__actions" role="group" aria-label={llmKey.name}>
          <button type="button" class="button" disabled={busy} onClick={() => during(administration.changeKey(llmKey.id, { is_active: !isOn }))}>
            {t(isOn ? "admin.key.pause" : "admin.key.resume")}
          </button>
          <button type="button" class="button" disabled={busy} onClick={() => during(administration.testKey(llmKey.id))}>
            {t("admin.key.test")}
          </button>
          <button type="button" class="button" onClick={() => setEditing(true)}>
            {t("admin.key.limits")}
          </button>
        </div>
      )}
    </li>
  );
}
