#include "api/rest/challenge_routes.h"

#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "api/fields.h"
#include "api/http/date_time.h"
#include "api/http/text.h"
#include "api/rest/class_access.h"
#include "api/rest/rest_context.h"
#include "base/utf8.h"

namespace speechcoach::api {
namespace {

namespace bj = boost::json;

constexpr std::size_t kMaxTitleBytes = 200;
constexpr std::size_t kMaxTimeBytes = 40;
constexpr std::int64_t kMaxGoal = 1'000'000;
constexpr std::size_t kMostChallenges = 50;
// Of two, what the class has less one's own is what the other has.
constexpr std::size_t kLeastMembersForSum = 3;
constexpr std::int64_t kWeekMs = 7LL * 86'400'000;

double Minutes(double seconds) { return std::round(seconds / 6.0) / 10.0; }

bool CountsMinutes(const model::Challenge& challenge) { return challenge.measure == model::ChallengeMeasure::kMinutes; }

bj::value Measured(const model::Challenge& challenge, const model::PracticeSum& sum) {
  return CountsMinutes(challenge) ? bj::value(Minutes(sum.practice_s)) : bj::value(sum.sessions);
}

std::optional<std::int64_t> MomentField(const bj::object& body, const char* name) {
  const auto text = TextField(body, name, kMaxTimeBytes);
  return text.value ? ParseRfc3339(*text.value) : std::nullopt;
}

class ChallengeRoutes {
 public:
  ChallengeRoutes(const ClassParts& parts, storage::ChallengeRepository& challenges)
      : clock_(*parts.clock), classes_(*parts.classes), access_(parts), challenges_(challenges) {}

  void List(const Call& call) const {
    const auto entered = access_.TaughtOrJoined(call);
    if (!entered) return;
    const auto challenges = challenges_.Of(entered->its.id);
    if (!challenges.ok()) return call.Fail(challenges.error());
    bool shows_sum = true;
    if (!entered->is_taught && !challenges->empty()) {
      const auto members = classes_.Members(entered->its.id);
      if (!members.ok()) return call.Fail(members.error());
      shows_sum = members->size() >= kLeastMembersForSum;
    }
    bj::array list;
    for (const model::Challenge& challenge : *challenges) {
      auto document = entered->is_taught ? Shown(challenge) : ShownToMember(challenge, call.user_id, shows_sum);
      if (!document.ok()) return call.Fail(document.error());
      list.emplace_back(std::move(*document));
    }
    call.Send(200, {{"challenges", std::move(list)}});
  }

  void Create(const Call& call) const {
    const auto found = access_.Taught(call);
    if (!found) return;
    const auto body = call.ReadJson();
    if (!body) return;
    model::Challenge challenge;
    challenge.class_id = found->id;
    const auto title = TextField(*body, "title", kMaxTitleBytes);
    if (!title.value || Trim(*title.value).empty() || !base::IsValidUtf8(*title.value)) return call.FailField("title");
    challenge.title = std::string(Trim(*title.value));
    const auto measure = TextField(*body, "measure", kMaxTitleBytes);
    if (measure.value != "sessions" && measure.value != "minutes") return call.FailField("measure");
    challenge.measure = measure.value == "minutes" ? model::ChallengeMeasure::kMinutes : model::ChallengeMeasure::kSessions;
    const auto goal = IntegerField(*body, "goal");
    if (!goal.value || *goal.value < 1 || *goal.value > kMaxGoal) return call.FailField("goal");
    challenge.goal = static_cast<int>(*goal.value);
    const auto begins = MomentField(*body, "begins_at");
    if (!begins) return call.FailField("begins_at");
    const auto ends = MomentField(*body, "ends_at");
    if (!ends || *ends <= *begins) return call.FailField("ends_at");
    challenge.begins_at_ms = *begins;
    challenge.ends_at_ms = *ends;
    const auto earlier = challenges_.Of(found->id);
    if (!earlier.ok()) return call.Fail(earlier.error());
    if (earlier->size() >= kMostChallenges)
      return call.Fail({base::ErrorCode::kConflict, "the class has as many challenges as it may"});
    const auto added = challenges_.Add(challenge);
    if (!added.ok()) return call.Fail(added.error());
    auto document = Shown(*added);
    if (!document.ok()) return call.Fail(document.error());
    call.Send(201, *document);
  }

  void Delete(const Call& call) const {
    const auto found = access_.Taught(call);
    if (!found) return;
    const auto id = ParseNumber(call.request->params.at("challenge_id"));
    if (!id) return call.Fail({base::ErrorCode::kNotFound, "not a challenge's id"});
    if (const base::Status done = challenges_.Delete(found->id, *id); !done.ok()) return call.Fail(done.error());
    call.reply(Response{.status = 204, .headers = {}, .body = {}});
  }

  void Leaderboard(const Call& call) const {
    const auto entered = access_.TaughtOrJoined(call);
    if (!entered) return;
    const auto rows = challenges_.Leaderboard(entered->its.id, clock_.NowMs() - kWeekMs);
    if (!rows.ok()) return call.Fail(rows.error());
    const auto takes_part = challenges_.TakesPart(entered->its.id, call.user_id);
    if (!takes_part.ok()) return call.Fail(takes_part.error());
    bj::array learners;
    for (const model::LeaderboardRow& row : *rows) {
      learners.emplace_back(bj::object{{"name", row.name},
                                       {"sessions", row.practice.sessions},
                                       {"minutes", Minutes(row.practice.practice_s)},
                                       {"is_caller", row.user_id == call.user_id}});
    }
    call.Send(200, {{"takes_part", *takes_part}, {"learners", std::move(learners)}});
  }

  void TakePart(const Call& call) const {
    const auto entered = access_.TaughtOrJoined(call);
    if (!entered) return;
    const auto body = call.ReadJson();
    if (!body) return;
    const auto takes_part = BoolField(*body, "takes_part");
    if (!takes_part.value) return call.FailField("takes_part");
    const base::Status done = challenges_.TakePart(entered->its.id, call.user_id, *takes_part.value);
    if (!done.ok()) return call.Fail(done.error());
    call.Send(200, {{"takes_part", *takes_part.value}});
  }

 private:
  base::Result<bj::object> Shown(const model::Challenge& challenge) const {
    const auto together = challenges_.Done(challenge, std::nullopt);
    if (!together.ok()) return together.error();
    return bj::object{{"id", challenge.id},
                      {"title", challenge.title},
                      {"measure", CountsMinutes(challenge) ? "minutes" : "sessions"},
                      {"goal", challenge.goal},
                      {"begins_at", base::FormatRfc3339(challenge.begins_at_ms)},
                      {"ends_at", base::FormatRfc3339(challenge.ends_at_ms)},
                      {"so_far", Measured(challenge, *together)}};
  }

  base::Result<bj::object> ShownToMember(const model::Challenge& challenge, std::int64_t user_id, bool shows_sum) const {
    auto document = Shown(challenge);
    if (!document.ok()) return document;
    const auto own = challenges_.Done(challenge, user_id);
    if (!own.ok()) return own.error();
    (*document)["own"] = Measured(challenge, *own);
    if (!shows_sum) (*document)["so_far"] = nullptr;
    return document;
  }

  const base::Clock& clock_;
  storage::ClassRepository& classes_;
  const ClassAccess access_;
  storage::ChallengeRepository& challenges_;
};

}  // namespace

void AddChallengeRoutes(Router& router, const Guard& guard, const ClassParts& parts, storage::ChallengeRepository& challenges) {
  const auto routes = std::make_shared<const ChallengeRoutes>(parts, challenges);
  const auto handler = [&](void (ChallengeRoutes::*handle)(const Call&) const) -> CallHandler {
    return [routes, handle](const Call& call) { ((*routes).*handle)(call); };
  };
  const std::string one = "/api/v1/classes/{class_id}";
  router.Add(
      {.method = Method::kGet, .pattern = one + "/challenges", .handler = guard.SignedIn(handler(&ChallengeRoutes::List))});
  router.Add(
      {.method = Method::kPost, .pattern = one + "/challenges", .handler = guard.TeacherOnly(handler(&ChallengeRoutes::Create))});
  router.Add({.method = Method::kDelete,
              .pattern = one + "/challenges/{challenge_id}",
              .handler = guard.TeacherOnly(handler(&ChallengeRoutes::Delete))});
  router.Add({.method = Method::kGet,
              .pattern = one + "/leaderboard",
              .handler = guard.SignedIn(handler(&ChallengeRoutes::Leaderboard))});
  router.Add(
      {.method = Method::kPut, .pattern = one + "/leaderboard", .handler = guard.SignedIn(handler(&ChallengeRoutes::TakePart))});
}

}  // namespace speechcoach::api
