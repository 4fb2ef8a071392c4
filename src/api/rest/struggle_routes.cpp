#include <algorithm>
#include <cmath>

#include "analytics/struggles.h"
#include "api/rest/class_access.h"
#include "api/rest/class_routes.h"
#include "api/rest/rest_context.h"
#include "json/progress_json.h"

namespace speechcoach::api {
namespace {

namespace bj = boost::json;

constexpr std::int64_t kWindowMs = std::int64_t{30} * 24 * 60 * 60 * 1000;
// Of a class of forty, two hundred and fifty sessions each.
constexpr int kMaxSessions = 10'000;

bj::object ToJson(const analytics::SharedSound& sound) {
  const double score = static_cast<double>(sound.count.score_sum) / (1000.0 * static_cast<double>(sound.count.chances));
  return {{"sound", sound.count.text},
          {"chances", sound.count.chances},
          {"faults", sound.count.faults},
          {"score", std::round(score * 100.0) / 100.0},
          {"learners", sound.learners}};
}

void List(const ClassParts& parts, const Call& call) {
  const ClassAccess access(parts);
  const auto found = access.Taught(call);
  if (!found) return;
  const auto members = parts.classes->Members(found->id);
  if (!members.ok()) return call.Fail(members.error());
  const auto contributions = parts.classes->Contributions(found->id, parts.clock->NowMs() - kWindowMs, kMaxSessions);
  if (!contributions.ok()) return call.Fail(contributions.error());
  const analytics::ClassStruggles struggles = analytics::StrugglesOf(*contributions);

  bj::array learners;
  for (const model::ClassMember& member : *members) {
    const auto own = std::ranges::find(struggles.learners, member.user_id, &analytics::LearnerStruggles::user_id);
    if (own == struggles.learners.end()) continue;
    if (!access.Log(call, member.user_id, "listed")) return;
    learners.emplace_back(bj::object{{"user_id", member.user_id},
                                     {"name", member.name},
                                     {"sessions", own->sessions},
                                     {"weak_areas", json::ToJson(own->weak_areas)}});
  }
  bj::array sounds;
  for (const analytics::SharedSound& sound : struggles.sounds) sounds.emplace_back(ToJson(sound));
  call.Send(200, {{"sounds", std::move(sounds)}, {"learners", std::move(learners)}});
}

}  // namespace

void AddStruggleRoutes(Router& router, const Guard& guard, const ClassParts& parts) {
  router.Add({.method = Method::kGet,
              .pattern = "/api/v1/classes/{class_id}/struggles",
              .handler = guard.TeacherOnly([parts](const Call& call) { List(parts, call); })});
}

}  // namespace speechcoach::api
