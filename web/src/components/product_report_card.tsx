import type { ProductReport } from "@speechcoach/client";
import type { AdminClient } from "../api/admin_client";
import { t } from "../i18n";
import { formatNumber } from "../i18n/numbers";
import { useLoaded } from "../state/use_loaded";
import { LoadedPart } from "./loaded_part";
import { OpenedCard } from "./opened_card";

// Each figure with how many learners, or stars, it rests on. null: too few of them.
function figuresOf(report: ProductReport) {
  const { sessions_a_week, score_change_30_days, retention_30_days, mean_stars } = report;
  return [
    { name: "sessions_a_week", count: report.active_learners, value: sessions_a_week === null ? null : formatNumber(sessions_a_week, 1) },
    { name: "score_change_30_days", count: report.compared_learners, value: score_change_30_days === null ? null : change(score_change_30_days) },
    { name: "retention_30_days", count: report.starters, value: retention_30_days === null ? null : `${formatNumber(100 * retention_30_days, 0)} %` },
    { name: "mean_stars", count: report.ratings, value: mean_stars === null ? null : `${formatNumber(mean_stars, 1)} / 5` },
  ] as const;
}

function change(share: number): string {
  const percent = Math.round(1000 * share) / 10;
  return `${percent >= 0 ? "+" : "−"}${formatNumber(Math.abs(percent), 1)} %`;
}

function Report({ admin }: { admin: AdminClient }) {
  const [state, reload] = useLoaded(() => admin.report(), null);
  return (
    <LoadedPart state={state} reload={reload}>
      {(report) => (
        <>
          <p class="muted">{t("report.text")}</p>
          <dl class="facts report">
            {figuresOf(report).map(({ name, count, value }) => (
              <div key={name} class="fact">
                <dt>
                  <strong>{t(`report.${name}`)}</strong>{" "}
                  {t(`report.${name}.text`, { count: formatNumber(count, 0) })}
                </dt>
                <dd class={value === null ? "muted" : undefined}>{value ?? t("report.too_few")}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </LoadedPart>
  );
}

// How the product does, of all learners together.
export function ProductReportCard({ admin }: { admin: AdminClient }) {
  return (
    <OpenedCard title={t("report.title")}>
      <Report admin={admin} />
    </OpenedCard>
  );
}
