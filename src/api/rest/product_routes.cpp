#include "api/rest/product_routes.h"

#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "api/fields.h"
#include "api/rest/rest_context.h"
#include "api/rest/session_answers.h"

namespace speechcoach::api {
namespace {

namespace bj = boost::json;

constexpr std::int64_t kMostStars = 5;
constexpr double kActiveWeeks = 4.0;

bj::value Rounded(std::optional<double> value) { return value ? bj::value(std::round(*value * 1000.0) / 1000.0) : bj::value(nullptr); }

// Nothing where there is nobody.
std::optional<double> Share(std::int64_t part, double whole) {
  return whole > 0 ? std::optional(static_cast<double>(part) / whole) : std::nullopt;
}

class ProductRoutes {
 public:
  explicit ProductRoutes(const ProductParts& parts) : parts_(parts) {}

  void GetRating(const Call& call) const {
    const auto id = Own(call);
    if (!id) return;
    const auto stars = parts_.product->StarsOf(*id);
    if (!stars.ok()) return call.Fail(stars.error());
    call.Send(200, {{"stars", *stars ? bj::value(**stars) : bj::value(nullptr)}});
  }

  void Rate(const Call& call) const {
    const auto id = Own(call);
    if (!id) return;
    const auto body = call.ReadJson();
    if (!body) return;
    const auto stars = IntegerField(*body, "stars");
    if (!stars.value || *stars.value < 1 || *stars.value > kMostStars) return call.FailField("stars");
    const base::Status rated = parts_.product->Rate(*id, static_cast<int>(*stars.value), parts_.clock->NowMs());
    if (!rated.ok()) return call.Fail(rated.error());
    call.Send(200, {{"stars", *stars.value}});
  }

  void Report(const Call& call) const {
    const auto figures = parts_.product->Figures(parts_.clock->NowMs());
    if (!figures.ok()) return call.Fail(figures.error());
    call.Send(200, {{"active_learners", figures->active_learners},
                    {"sessions_a_week", Rounded(Share(figures->sessions, kActiveWeeks * static_cast<double>(figures->active_learners)))},
                    {"compared_learners", figures->compared_learners},
                    {"score_change_30_days", Rounded(figures->score_change)},
                    {"starters", figures->starters},
                    {"retention_30_days", Rounded(Share(figures->stayed, static_cast<double>(figures->starters)))},
                    {"ratings", figures->ratings},
                    {"mean_stars", Rounded(figures->mean_stars)}});
  }

 private:
  // The caller's session; the client is told where it is none.
  std::optional<std::string> Own(const Call& call) const {
    auto id = SessionIdOf(call);
    if (!id) return std::nullopt;
    const auto stored = parts_.service->GetStored(call.user_id, *id);
    if (stored.ok()) return id;
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
  router.Add({.method = Method::kGet, .pattern = "/api/v1/admin/report", .handler = guard.AdminOnly(handler(&ProductRoutes::Report))});
}

}  // namespace speechcoach::api
