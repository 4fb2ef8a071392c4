#include "api/rest/rating_routes.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "analytics/rating_agreement.h"
#include "api/fields.h"
#include "api/rest/class_access.h"
#include "api/rest/json_response.h"
#include "api/rest/rest_context.h"
#include "api/rest/session_answers.h"

namespace speechcoach::api {
namespace {

namespace bj = boost::json;

constexpr std::int64_t kMostPoints = 10;
constexpr int kWantedRaters = static_cast<int>(analytics::kLeastRaters);

class RatingRoutes {
 public:
  explicit RatingRoutes(const RatingParts& parts) : parts_(parts), access_(parts.classes) {}

  void GetConsent(const Call& call) const {
    const auto is_given = parts_.ratings->HasConsented(call.user_id);
    if (!is_given.ok()) return call.Fail(is_given.error());
    call.Send(200, {{"is_given", *is_given}});
  }

  void SetConsent(const Call& call) const {
    const auto body = call.ReadJson();
    if (!body) return;
    const auto is_given = BoolField(*body, "is_given");
    if (!is_given.value) return call.FailField("is_given");
    if (*is_given.value) {
      // Their guardian agreed to practising, and to the teacher whose class they joined; not to all others.
      const auto child = parts_.guardians->Of(call.user_id);
      if (!child.ok()) return call.Fail(child.error());
      if (*child) return call.Fail({base::ErrorCode::kConflict, "a child"});
    }
    const base::Status set = parts_.ratings->SetConsent(call.user_id, *is_given.value, parts_.classes.clock->NowMs());
    if (!set.ok()) return call.Fail(set.error());
    call.Send(200, {{"is_given", *is_given.value}});
  }

  void Next(const Call& call) const {
    const auto asked = call.request->query.find("after");
    const bool is_first = asked == call.request->query.end();
    if (!is_first && !IsUuid(asked->second)) return call.FailField("after");
    const std::string after = is_first ? std::string() : asked->second;
    const auto task = parts_.ratings->Next(call.user_id, kWantedRaters, after);
    if (!task.ok()) return call.Fail(task.error());
    if (!*task) return call.Send(200, {{"task", nullptr}});
    call.Send(
        200, {{"task",
               {{"session_id", (*task)->session_id}, {"reference_text", (*task)->reference_text}, {"raters", (*task)->raters}}}});
  }

  void Hear(const Call& call) const {
    const auto task = Open(call);
    if (!task) return;
    auto recording = parts_.classes.service->Audio(task->user_id, task->session_id);
    if (recording.ok() && !access_.Log(call, task->user_id, "heard_to_rate", task->session_id)) return;
    SendRecording(call, std::move(recording));
  }

  void Rate(const Call& call) const {
    const auto task = Open(call);
    if (!task) return;
    const auto body = call.ReadJson();
    if (!body) return;
    model::HumanRating rating{call.user_id, {}, parts_.classes.clock->NowMs()};
    bj::object answer;
    for (const auto& [name, kind] : model::kRatingNames) {
      const auto points = IntegerField(*body, name);
      if (!points.value || *points.value < 0 || *points.value > kMostPoints) return call.FailField(name);
      rating.ratings.*kind = static_cast<double>(*points.value);
      answer[name] = *points.value;
    }
    const base::Status rated = parts_.ratings->Rate(task->session_id, rating);
    if (!rated.ok()) return call.Fail(rated.error());
    call.Send(200, answer);
  }

  void Agreement(const Call& call) const {
    const auto readings = parts_.ratings->All();
    if (!readings.ok()) return call.Fail(readings.error());
    bj::array ratings;
    for (const analytics::RatingAgreement& agreement : analytics::Agreements(*readings)) {
      ratings.emplace_back(bj::object{{"rating", agreement.rating},
                                      {"recordings", agreement.recordings},
                                      {"with_scores", Rounded(agreement.with_scores)},
                                      {"mean_difference", Rounded(agreement.mean_difference)},
                                      {"between_raters", Rounded(agreement.between_raters)}});
    }
    call.Send(200, {{"ratings", std::move(ratings)}});
  }

 private:
  std::optional<model::RatingTask> Open(const Call& call) const {
    const auto id = SessionIdOf(call);
    if (!id) return std::nullopt;
    auto task = parts_.ratings->OpenTo(call.user_id, *id);
    if (task.ok()) return std::move(*task);
    call.Fail(task.error());
    return std::nullopt;
  }

  const RatingParts parts_;
  const ClassAccess access_;
};

}  // namespace

void AddRatingRoutes(Router& router, const Guard& guard, const RatingParts& parts) {
  const auto routes = std::make_shared<const RatingRoutes>(parts);
  const auto handler = [&](void (RatingRoutes::*handle)(const Call&) const) -> CallHandler {
    return [routes, handle](const Call& call) { ((*routes).*handle)(call); };
  };
  const std::string consent = "/api/v1/auth/me/rating-consent";
  const std::string one = "/api/v1/ratings/{session_id}";
  router.Add({.method = Method::kGet, .pattern = consent, .handler = guard.SignedIn(handler(&RatingRoutes::GetConsent))});
  router.Add({.method = Method::kPut, .pattern = consent, .handler = guard.SignedIn(handler(&RatingRoutes::SetConsent))});
  router.Add(
      {.method = Method::kGet, .pattern = "/api/v1/ratings/next", .handler = guard.TeacherOnly(handler(&RatingRoutes::Next))});
  router.Add({.method = Method::kGet, .pattern = one + "/audio", .handler = guard.TeacherOnly(handler(&RatingRoutes::Hear))});
  router.Add({.method = Method::kPut, .pattern = one, .handler = guard.TeacherOnly(handler(&RatingRoutes::Rate))});
  router.Add({.method = Method::kGet,
              .pattern = "/api/v1/admin/agreement",
              .handler = guard.AdminOnly(handler(&RatingRoutes::Agreement))});
}

}  // namespace speechcoach::api
