#include "storage/internal/product_repository.h"

#include <string>

#include <fmt/format.h>

#include "storage/internal/statement.h"

namespace speechcoach::storage {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kActiveDays = 28;
constexpr std::int64_t kComparedDays = 30;
constexpr std::int64_t kStayDays = 30;
constexpr std::int64_t kStayWeek = 7;

void ReadActivity(std::int64_t today, model::ProductFigures& figures, Connection& sql) {
  const std::int64_t after = today - kActiveDays;
  Statement(sql,
            "SELECT COUNT(DISTINCT user_id), CAST(COALESCE(SUM(sessions), 0) AS BIGINT) FROM practice_days WHERE day > :after")
      .Into(figures.active_learners)
      .Into(figures.sessions)
      .Use("after", after)
      .ExecuteForOne();
}

void ReadChange(std::int64_t today, model::ProductFigures& figures, Connection& sql) {
  const std::int64_t middle = today - kComparedDays;
  const std::int64_t begin = middle - kComparedDays;
  const std::int64_t same_middle = middle;
  Nullable<double> change;
  Statement(sql,
            "SELECT COUNT(*), AVG(late.mean / early.mean - 1) FROM "
            "(SELECT user_id, SUM(overall_sum) * 1.0E0 / SUM(sessions) AS mean FROM practice_days WHERE day > :middle GROUP BY "
            "user_id) late JOIN "
            "(SELECT user_id, SUM(overall_sum) * 1.0E0 / SUM(sessions) AS mean FROM practice_days WHERE day > :begin AND day <= "
            ":same_middle "
            "GROUP BY user_id) early ON early.user_id = late.user_id WHERE early.mean > 0")
      .Into(figures.compared_learners)
      .Into(change)
      .Use("middle", middle)
      .Use("begin", begin)
      .Use("same_middle", same_middle)
      .ExecuteForOne();
  if (change.has_value()) figures.score_change = change.value;
}

// Those whose week after the first month is over.
void ReadRetention(std::int64_t today, model::ProductFigures& figures, Connection& sql) {
  const std::int64_t latest = today - kStayDays - kStayWeek;
  const std::int64_t earliest = latest - kStayDays + 1;
  Statement(sql,
            fmt::format(
                "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN EXISTS (SELECT 1 FROM practice_days d WHERE d.user_id = f.user_id "
                "AND d.day BETWEEN f.first_day + {} AND f.first_day + {}) THEN 1 ELSE 0 END), 0) AS BIGINT) FROM "
                "(SELECT user_id, MIN(day) AS first_day FROM practice_days GROUP BY user_id "
                "HAVING MIN(day) BETWEEN :earliest AND :latest) f",
                kStayDays, kStayDays + kStayWeek - 1))
      .Into(figures.starters)
      .Into(figures.stayed)
      .Use("earliest", earliest)
      .Use("latest", latest)
      .ExecuteForOne();
}

}  // namespace

base::Status SqlProductRepository::Rate(std::string_view session_id, int stars, std::int64_t now_ms) {
  const std::string wanted(session_id);
  const std::string text = fmt::format(
      "INSERT INTO feedback_stars (session_id, stars, given_at) VALUES (:session_id, :stars, {}) "
      "ON CONFLICT (session_id) DO UPDATE SET stars = excluded.stars, given_at = excluded.given_at",
      dialect_.ToTime(":now"));
  return pool_.Run(Access::kWrite, [&](Connection& sql) -> base::Status {
    Statement(sql, text).Use("session_id", wanted).Use("stars", stars).Use("now", now_ms).Execute();
    return {};
  });
}

base::Result<std::optional<int>> SqlProductRepository::StarsOf(std::string_view session_id) {
  const std::string wanted(session_id);
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<std::optional<int>> {
    int stars = 0;
    const bool is_there = Statement(sql, "SELECT stars FROM feedback_stars WHERE session_id = :session_id")
                              .Into(stars)
                              .Use("session_id", wanted)
                              .ExecuteForOne();
    return is_there ? std::optional(stars) : std::optional<int>();
  });
}

base::Result<model::ProductFigures> SqlProductRepository::Figures(std::int64_t now_ms) {
  const std::int64_t today = now_ms / kDayMs;
  const std::int64_t stars_from_ms = now_ms - kActiveDays * kDayMs;
  const std::string stars = fmt::format(
      "SELECT COUNT(*), COUNT(DISTINCT s.user_id), AVG(f.stars * 1.0E0) FROM feedback_stars f "
      "JOIN speech_practice_sessions s ON s.id = f.session_id WHERE f.given_at >= {}",
      dialect_.ToTime(":from"));
  return pool_.Run(Access::kRead, [&](Connection& sql) -> base::Result<model::ProductFigures> {
    model::ProductFigures figures;
    ReadActivity(today, figures, sql);
    ReadChange(today, figures, sql);
    ReadRetention(today, figures, sql);
    Nullable<double> mean;
    Statement(sql, stars).Into(figures.ratings).Into(figures.raters).Into(mean).Use("from", stars_from_ms).ExecuteForOne();
    if (mean.has_value()) figures.mean_stars = mean.value;
    return figures;
  });
}

}  // namespace speechcoach::storage
