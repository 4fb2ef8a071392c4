#include "api/rest/habit_routes.h"

#include <cmath>
#include <utility>

#include "api/rest/rest_context.h"
#include "pipeline/learner_habits.h"

namespace speechcoach::api {
namespace {

namespace bj = boost::json;

double Rounded(double share) { return std::round(share * 1000.0) / 1000.0; }

template <typename Text>
bj::value TextOrNull(const Text& text) {
  return text.empty() ? bj::value(nullptr) : bj::value(text);
}

template <typename Habit>
bj::object ToJson(const Habit& habit, model::Locale locale) {
  const model::AccentPattern& pattern = habit.pattern;
  return {{"id", pattern.id},
          {"ipa", TextOrNull(pattern.ipa)},
          {"heard_ipa", bj::value_from(pattern.heard_ipa)},
          {"region", TextOrNull(habit.region)},
          {"times", pattern.times},
          {"chances", pattern.chances},
          {"recordings", habit.recordings},
          {"earlier_share", Rounded(habit.earlier_share)},
          {"recent_share", Rounded(habit.recent_share)},
          {"words", bj::value_from(pattern.words)},
          {"tip", locale == model::Locale::kVi ? pattern.tip_vi : pattern.tip_en},
          {"pairs", bj::value_from(pattern.pairs)}};
}

}  // namespace

void AddHabitRoutes(Router& router, const Guard& guard, pipeline::SessionService& service) {
  router.Add({.method = Method::kGet,
              .pattern = "/api/v1/speech-practice/analytics/habits",
              .handler = guard.SignedIn([&service](const Call& call) {
                const auto found = service.Habits(call.user_id);
                if (!found.ok()) return call.Fail(found.error());
                bj::array habits;
                for (const auto& habit : found->habits) habits.emplace_back(ToJson(habit, call.locale));
                call.Send(200, {{"recordings", found->recordings}, {"habits", std::move(habits)}});
              })});
}

}  // namespace speechcoach::api
