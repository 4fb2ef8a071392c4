import type { Trends } from "@speechcoach/client";
import { t } from "../i18n";
import { formatDate, formatNumber } from "../i18n/numbers";

export const WEEKS_SHOWN = 16;
const DAY_MS = 86_400_000;
// So many minutes make a day's square full.
const FULL_MINUTES = 15;
const SHADES = 4;

// 0 for no practice (undefined), up to SHADES; a few words are practice, also where their minutes round to none.
export function shadeOf(minutes: number | undefined): number {
  return minutes === undefined ? 0 : Math.max(1, Math.min(SHADES, Math.ceil((SHADES * minutes) / FULL_MINUTES)));
}

// Every day from `from` to `to`, both YYYY-MM-DD and inclusive.
export function daysBetween(from: string, to: string): string[] {
  const days: string[] = [];
  for (let day = Date.parse(from); day <= Date.parse(to); day += DAY_MS) days.push(new Date(day).toISOString().slice(0, 10));
  return days;
}

// Monday is 0.
function weekday(day: string): number {
  return (new Date(day).getUTCDay() + 6) % 7;
}

// A square a day, a column a week; the darker, the longer the practice.
export function PracticeCalendar({ days }: { days: Trends }) {
  const minutes = new Map(days.points.map((point) => [point.start, point.minutes]));
  const practised = days.points.length;
  return (
    <section class="card" aria-labelledby="calendar_title">
      <h2 id="calendar_title" class="card__title">
        {t("progress.calendar")}
      </h2>
      <p class="card__lead">{t("progress.calendar.days", { count: practised })}</p>
      <div class="calendar" role="img" aria-label={t("progress.calendar.days", { count: practised })}>
        {daysBetween(days.from, days.to).map((day, index) => {
          const spent = minutes.get(day);
          return (
            <span
              key={day}
              class={`calendar__day calendar__day--${shadeOf(spent)}`}
              style={index === 0 ? { gridRowStart: weekday(day) + 1 } : undefined}
              title={`${formatDate(day)}: ${t("progress.calendar.minutes", { minutes: formatNumber(spent ?? 0, 0) })}`}
            />
          );
        })}
      </div>
    </section>
  );
}
