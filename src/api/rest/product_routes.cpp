#include "api/rest/product_routes.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "api/fields.h"
#include "api/rest/json_response.h"
#include "api/rest/rest_context.h"
#include "api/rest/session_answers.h"

namespace speechcoach::api {
namespace {

namespace bj = boost::json;

constexpr std::int64_t kMostStars = 5;
constexpr double kActiveWeeks = 4.0;
// A mean of fewer says something of each.
constexpr std::int64_t kLeastLearners = 5;

// Nothing where too few are behind it.
bj::value Mean(std::int64_t learners, std::optional<double> value) {
  return learners >= kLeastLearners ? Rounded(value) : bj::value(nullptr);
}

double Share(std::int64_t part, std::int64_t whole) {
  return static_cast<double>(part) / static_cast<double>(std::max<std::int64_t>(1, whole));
}

class ProductRoutes {
 public:
  explicit ProductRoutes(const ProductParts& parts) : parts_(parts) {}

  void GetRating(const Call& call) const {
    const auto session = Own(call);
    if (!session) return;
    const auto stars = parts_.product->StarsOf(session->id);
    if (!stars.ok()) return call.Fail(stars.error());
    call.Send(200, {{"stars", *stars ? bj::value(**stars) : bj::value(nullptr)}});
  }

  void Rate(const Call& call) const {
    const auto session = Own(call);
    if (!session) return;
    const bool has_advice =
        session->status == model::SessionStatus::kCompleted || session->status == model::SessionStatus::kDegraded;
    if (!has_advice) return call.Fail({base::ErrorCode::kConflict, "there is no advice yet"});
    const auto body = call.ReadJson();
    if (!body) return;
    const auto stars = IntegerField(*body, "stars");
    if (!stars.value || *stars.value < 1 || *stars.value > kMostStars) return call.FailField("stars");
    const base::Status rated = parts_.product->Rate(session->id, static_cast<int>(*stars.value), parts_.clock->NowMs());
    if (!rated.ok()) return call.Fail(rated.error());
    call.Send(200, {{"stars", *stars.value}});
  }

  void Report(const Call& call) const {
    const auto figures = parts_.product->Figures(parts_.clock->NowMs());
    if (!figures.ok()) return call.Fail(figures.error());
    call.Send(200, {{"active_learners", figures->active_learners},
                    {"sessions_a_week",
                     Mean(figures->active_learners, Share(figures->sessions, figures->active_learners) / kActiveWeeks)},
                    {"compared_learners", figures->compared_learners},
                    {"score_change_30_days", Mean(figures->compared_learners, figures->score_change)},
                    {"starters", figures->starters},
                    {"retention_30_days", Mean(figures->starters, Share(figures->stayed, figures->starters))},
                    {"ratings", figures->ratings},
                    {"mean_stars", Mean(figures->raters, figures->mean_stars)}});
  }

 private:
  // The caller's session; the client is told where it is none.
  std::optional<model::Session> Own(const Call& call) const {
    const auto id = SessionIdOf(call);
    if (!id) return std::nullopt;
    auto stored = parts_.service->GetStored(call.user_id, *id);
    if (stored.ok()) return std::move(stored->session);
    call.Fail(stored.error());
    return std::nullopt;
  }

  const ProductParts parts_;
};

}  // namespace

void AddProductRoutes(Router& router, const Guard& guard, const ProductParts& parts) {
  const auto routes = std::make_shared<const ProductRoutes>(parts);
  const auto handler = [&](void (ProductRoutes::*handle)(const Call&) const) -> CallHandler {
    return [routes, handle](const Call& call) { ((*routes).*handle)(call); };
  };
  const std::string rating = "/api/v1/speech-practice/sessions/{session_id}/rating";
  router.Add({.method = Method::kGet, .pattern = rating, .handler = guard.SignedIn(handler(&ProductRoutes::GetRating))});
  router.Add({.method = Method::kPost, .pattern = rating, .handler = guard.SignedIn(handler(&ProductRoutes::Rate))});
  router.Add(
      {.method = Method::kGet, .pattern = "/api/v1/admin/report", .handler = guard.AdminOnly(handler(&ProductRoutes::Report))});
}

}  // namespace speechcoach::api
