import type { LlmUsageStats } from "@speechcoach/client";
import { t } from "../i18n";
import { formatNumber } from "../i18n/numbers";
import { useChart } from "./use_chart";

function CostChart({ byDay }: { byDay: LlmUsageStats }) {
  const canvas = useChart(async () => {
    const { drawCosts } = await import("./cost_chart");
    return (on) => drawCosts(on, byDay.usage.map(({ group, cost_usd, calls }) => ({ day: group, cost_usd, calls })));
  }, [byDay]);
  return (
    <div class="cost_chart">
      <canvas ref={canvas} role="img" aria-label={t("admin.usage.chart")} />
    </div>
  );
}

// The last thirty days: what was asked, what it cost, what the cache saved.
export function LlmUsageCard({ byProvider, byDay }: { byProvider: LlmUsageStats; byDay: LlmUsageStats }) {
  const { today_cost_usd, daily_budget_usd, is_over_budget, cache } = byProvider;
  return (
    <section class="card" aria-labelledby="usage_title">
      <h2 id="usage_title" class="card__title">
        {t("admin.usage")}
      </h2>
      <dl class="facts">
        <div class="fact">
          <dt>{t("admin.usage.today")}</dt>
          <dd class={is_over_budget ? "over_budget" : undefined}>
            ${formatNumber(today_cost_usd, 2)}
            {daily_budget_usd > 0 && <small> / ${formatNumber(daily_budget_usd, 2)}</small>}
          </dd>
        </div>
        <div class="fact">
          <dt>{t("admin.usage.cache")}</dt>
          <dd>{formatNumber(cache.hit_rate * 100, 0)} %</dd>
        </div>
      </dl>
      {byDay.usage.length > 0 && <CostChart byDay={byDay} />}
      {byProvider.usage.length === 0 ? (
        <p class="muted">{t("admin.usage.none")}</p>
      ) : (
        <div class="table" tabIndex={0} role="group" aria-labelledby="usage_title">
          <table>
            <thead>
              <tr>
                {(["provider", "calls", "successes", "tokens", "cost", "time"] as const).map((column) => (
                  <th key={column} scope="col">
                    {t(`admin.usage.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {byProvider.usage.map((row) => (
                <tr key={row.group}>
                  <th scope="row">{row.group}</th>
                  <td>{formatNumber(row.calls, 0)}</td>
                  <td>{formatNumber(row.calls > 0 ? (100 * row.successes) / row.calls : 0, 0)} %</td>
                  <td>{formatNumber(row.prompt_tokens + row.completion_tokens, 0)}</td>
                  <td>${formatNumber(row.cost_usd, 2)}</td>
                  <td>{formatNumber(row.mean_response_ms, 0)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
