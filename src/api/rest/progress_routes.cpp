#include "api/rest/progress_routes.h"

#include <cmath>
#include <memory>
#include <optional>

#include "analytics/achievements.h"
#include "analytics/progress.h"
#include "analytics/time_zone.h"
#include "api/rest/json_response.h"
#include "api/rest/rest_context.h"
#include "json/progress_json.h"

namespace speechcoach::api {
namespace {

namespace bj = boost::json;

constexpr std::int64_t kMaxSpanDays = 366 * 5;
constexpr std::int64_t kComparedDays = 60;
constexpr double kMsPerMinute = 60'000.0;

double Minutes(std::int64_t ms) { return std::round(static_cast<double>(ms) / kMsPerMinute * 10.0) / 10.0; }

bj::value EmptyWeakAreas() { return json::ToJson(model::WeakAreas{}); }

class ProgressRoutes {
 public:
  ProgressRoutes(storage::ProgressRepository& progress, storage::AccountRepository& accounts, const base::Clock& clock)
      : progress_(progress), accounts_(accounts), clock_(clock) {}

  void GetProgress(const Call& call) const {
    const auto settings = accounts_.Settings(call.user_id);
    if (!settings.ok()) return call.Fail(settings.error());
    const auto stored = progress_.Get(call.user_id);
    if (!stored.ok()) return call.Fail(stored.error());
    const std::int64_t today = analytics::LocalDay(clock_.NowMs(), settings->time_zone);
    const auto day = progress_.Days(call.user_id, today, today);
    if (!day.ok()) return call.Fail(day.error());
    const storage::StoredProgress progress = stored->value_or(storage::StoredProgress());
    const model::ProgressSummary& summary = progress.summary;
    const bool goes_on = summary.last_day && *summary.last_day >= today - 1;
    const std::int64_t today_ms = day->empty() ? 0 : day->front().practice_ms;
    call.Send(200,
              {{"total_sessions", summary.total_sessions},
               {"total_practice_minutes", Minutes(summary.practice_ms)},
               {"averages", summary.averages ? bj::value(json::ToJson(*summary.averages)) : bj::value(nullptr)},
               {"score_trend", Rounded(summary.score_trend)},
               {"current_streak_days", goes_on ? summary.streak_days : 0},
               {"longest_streak_days", summary.longest_streak_days},
               {"last_practice_date", summary.last_day ? bj::value(analytics::FormatDay(*summary.last_day)) : bj::value(nullptr)},
               {"today",
                {{"date", analytics::FormatDay(today)},
                 {"minutes", Minutes(today_ms)},
                 {"goal_minutes", settings->daily_goal_minutes},
                 {"is_goal_met", static_cast<double>(today_ms) >= settings->daily_goal_minutes * kMsPerMinute}}},
               {"weak_areas", progress.weak_areas_json.empty() ? EmptyWeakAreas() : bj::parse(progress.weak_areas_json)},
               {"time_zone", settings->time_zone}});
  }

  void GetTrends(const Call& call) const {
    const auto settings = accounts_.Settings(call.user_id);
    if (!settings.ok()) return call.Fail(settings.error());
    const auto& query = call.request->query;
    const auto given = [&](const char* name) -> std::optional<std::string> {
      const auto found = query.find(name);
      return found == query.end() ? std::nullopt : std::optional(found->second);
    };
    const auto period = analytics::PeriodFromName(given("period").value_or("day"));
    if (!period) return call.FailField("period");
    const auto to = given("to") ? analytics::ParseDay(*given("to")) : analytics::LocalDay(clock_.NowMs(), settings->time_zone);
    if (!to) return call.FailField("to");
    const auto from = given("from") ? analytics::ParseDay(*given("from")) : *to - DefaultSpan(*period) + 1;
    if (!from || *from > *to || *to - *from > kMaxSpanDays) return call.FailField("from");
    const auto days = progress_.Days(call.user_id, std::min(*from, *to - kComparedDays), *to);
    if (!days.ok()) return call.Fail(days.error());
    const analytics::Trends trends = analytics::TrendsOf(*days, *period, *from, *to);
    bj::array points;
    for (const analytics::TrendPoint& point : trends.points) {
      points.emplace_back(bj::object{{"start", analytics::FormatDay(point.first_day)},
                                     {"sessions", point.sessions},
                                     {"minutes", Minutes(point.practice_ms)},
                                     {"scores", json::ToJson(point.means)},
                                     {"moving_average", Rounded(point.moving_average)}});
    }
    call.Send(200, {{"period", given("period").value_or("day")},
                    {"from", analytics::FormatDay(*from)},
                    {"to", analytics::FormatDay(*to)},
                    {"time_zone", settings->time_zone},
                    {"points", std::move(points)},
                    {"slope_per_week", Rounded(trends.slope_per_week)},
                    {"change_30_days", Rounded(trends.change_30_days)}});
  }

  void GetAchievements(const Call& call) const {
    const auto settings = accounts_.Settings(call.user_id);
    if (!settings.ok()) return call.Fail(settings.error());
    const auto days = progress_.Days(call.user_id, 0, analytics::LocalDay(clock_.NowMs(), settings->time_zone));
    if (!days.ok()) return call.Fail(days.error());
    bj::array achievements;
    for (const analytics::Achievement& each : analytics::AchievementsOf(*days)) {
      achievements.emplace_back(
          bj::object{{"id", each.id},
                     {"title", call.locale == model::Locale::kVi ? each.title_vi : each.title_en},
                     {"goal", each.goal},
                     {"so_far", each.so_far},
                     {"reached_on", each.reached_day ? bj::value(analytics::FormatDay(*each.reached_day)) : bj::value(nullptr)}});
    }
    call.Send(200, {{"achievements", std::move(achievements)}});
  }

 private:
  static std::int64_t DefaultSpan(analytics::Period period) {
    if (period == analytics::Period::kDay) return 30;
    return period == analytics::Period::kWeek ? 26 * 7 : 365;
  }

  storage::ProgressRepository& progress_;
  storage::AccountRepository& accounts_;
  const base::Clock& clock_;
};

}  // namespace

void AddProgressRoutes(Router& router, const Guard& guard, storage::ProgressRepository& progress,
                       storage::AccountRepository& accounts, const base::Clock& clock) {
  const auto routes = std::make_shared<const ProgressRoutes>(progress, accounts, clock);
  router.Add({.method = Method::kGet,
              .pattern = "/api/v1/speech-practice/progress",
              .handler = guard.SignedIn([routes](const Call& call) { routes->GetProgress(call); })});
  router.Add({.method = Method::kGet,
              .pattern = "/api/v1/speech-practice/analytics/trends",
              .handler = guard.SignedIn([routes](const Call& call) { routes->GetTrends(call); })});
  router.Add({.method = Method::kGet,
              .pattern = "/api/v1/speech-practice/achievements",
              .handler = guard.SignedIn([routes](const Call& call) { routes->GetAchievements(call); })});
}

}  // namespace speechcoach::api
