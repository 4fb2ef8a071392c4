import type { Trends } from "@speechcoach/client";
import { t } from "../i18n";
import { formatDate, formatNumber } from "../i18n/numbers";
import { useChart } from "./use_chart";

function TrendChart({ trends, summary }: { trends: Trends; summary: string }) {
  const canvas = useChart(async () => {
    const { drawTrend } = await import("./trend_chart");
    const points = trends.points.map((point) => ({ label: formatDate(point.start), score: point.scores.overall, average: point.moving_average }));
    return (on) => drawTrend(on, points, { score: t("score.overall"), average: t("progress.trend.average") });
  }, [trends]);
  return (
    <div class="trend">
      <canvas ref={canvas} role="img" aria-label={summary} />
    </div>
  );
}

// The overall score day by day, and its moving average.
export function TrendCard({ trends }: { trends: Trends }) {
  const change = trends.change_30_days;
  const summary =
    change === null ? t("progress.trend.early") : t(change >= 0 ? "progress.trend.up" : "progress.trend.down", { points: formatNumber(Math.abs(change), 1) });
  return (
    <section class="card" aria-labelledby="trend_title">
      <h2 id="trend_title" class="card__title">
        {t("progress.scores")}
      </h2>
      <p class="card__lead">{summary}</p>
      {trends.points.length > 1 && <TrendChart trends={trends} summary={summary} />}
    </section>
  );
}
