#include "api/rest/learning_routes.h"

#include <algorithm>
#include <cmath>

#include "analytics/time_zone.h"
#include "api/http/text.h"
#include "api/rest/rest_context.h"
#include "json/model_json.h"
#include "learning/learning_path.h"

namespace speechcoach::api {
namespace {

namespace bj = boost::json;

constexpr std::int64_t kDefaultItems = 10;
constexpr std::int64_t kMaxItems = 50;

double Rounded(double value) { return std::round(value * 100.0) / 100.0; }

bj::value ToJson(const std::optional<model::SentenceReview>& review) {
  if (!review) return nullptr;
  return bj::object{{"readings", review->readings},
                    {"last_score", Rounded(review->last_score)},
                    {"last_date", analytics::FormatDay(review->last_day)},
                    {"due_date", analytics::FormatDay(review->due_day)},
                    {"interval_days", review->interval_days}};
}

bj::object ToJson(const learning::PathItem& item) {
  return {{"sentence", json::ToJson(*item.sentence)},
          {"reason", learning::Name(item.reason)},
          {"weak_focus", bj::value_from(item.focus)},
          {"review", ToJson(item.review)}};
}

bool IsProsodyWeak(const storage::StoredProgress& progress) {
  if (progress.weak_areas_json.empty()) return false;
  const bj::value areas = bj::parse(progress.weak_areas_json);
  return std::ranges::any_of(areas.at("skills").as_array(),
                             [](const bj::value& skill) { return skill.at("skill") == "prosody"; });
}

void GetPath(const LearningParts& parts, const Call& call) {
  std::int64_t limit = kDefaultItems;
  if (const auto given = call.request->query.find("limit"); given != call.request->query.end()) {
    const auto number = ParseNumber(given->second);
    if (!number || *number < 1 || *number > kMaxItems) return call.FailField("limit");
    limit = *number;
  }
  const auto settings = parts.accounts->Settings(call.user_id);
  if (!settings.ok()) return call.Fail(settings.error());
  storage::SentenceFilter visible;
  visible.viewer_id = call.user_id;
  const auto sentences = parts.sentences->List(visible);
  if (!sentences.ok()) return call.Fail(sentences.error());
  const auto reviews = parts.progress->Reviews(call.user_id);
  if (!reviews.ok()) return call.Fail(reviews.error());
  const auto sounds = parts.progress->Sounds(call.user_id);
  if (!sounds.ok()) return call.Fail(sounds.error());
  const auto progress = parts.progress->Get(call.user_id);
  if (!progress.ok()) return call.Fail(progress.error());

  learning::LearnerState learner{*sentences, *reviews, *sounds, *progress && IsProsodyWeak(**progress), settings->level, 0};
  learner.today = analytics::LocalDay(parts.clock->NowMs(), settings->time_zone);
  const learning::LearningPath path = learning::PathFor(learner, static_cast<std::size_t>(limit));
  bj::array items;
  for (const learning::PathItem& item : path.items) items.emplace_back(ToJson(item));
  bj::array weak_sounds;
  for (const learning::WeakSound& weak : path.weak_sounds) {
    weak_sounds.emplace_back(bj::object{{"sound", weak.sound}, {"fault_rate", Rounded(weak.fault_rate)}});
  }
  call.Send(200, {{"date", analytics::FormatDay(learner.today)},
                  {"due", path.due},
                  {"items", std::move(items)},
                  {"weak_sounds", std::move(weak_sounds)}});
}

}  // namespace

void AddLearningRoutes(Router& router, const Guard& guard, const LearningParts& parts) {
  router.Add({.method = Method::kGet,
              .pattern = "/api/v1/speech-practice/learning-path",
              .handler = guard.SignedIn([parts](const Call& call) { GetPath(parts, call); })});
}

}  // namespace speechcoach::api
