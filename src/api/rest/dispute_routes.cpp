#include "api/rest/dispute_routes.h"

#include <memory>
#include <optional>
#include <utility>

#include "api/fields.h"
#include "api/http/text.h"
#include "api/rest/rest_context.h"
#include "api/rest/session_answers.h"
#include "base/utf8.h"
#include "json/model_json.h"

namespace speechcoach::api {
namespace {

namespace bj = boost::json;

constexpr std::size_t kMaxScoreBytes = 20;
constexpr std::size_t kMaxTextBytes = 1000;
constexpr int kShown = 20;

class DisputeRoutes {
 public:
  explicit DisputeRoutes(const DisputeParts& parts) : parts_(parts) {}

  void Add(const Call& call) const {
    const auto id = SessionIdOf(call);
    if (!id) return;
    const auto session = parts_.service->Get(call.user_id, *id);
    if (!session.ok()) return call.Fail(session.error());
    if (!session->analysis) return call.Fail({base::ErrorCode::kConflict, "nothing is scored yet"});
    const auto body = call.ReadJson();
    if (!body) return;
    const auto score = TextField(*body, "score", kMaxScoreBytes);
    const bj::object scores = json::ToJson(session->analysis->scores);
    const bj::value* given = score.value ? scores.if_contains(*score.value) : nullptr;
    if (given == nullptr) return call.FailField("score");
    const auto text = TextField(*body, "text", kMaxTextBytes);
    if (text.is_wrong || !base::IsValidUtf8(text.value.value_or(""))) return call.FailField("text");
    const auto added = parts_.disputes->Add({0,
                                             session->id,
                                             call.user_id,
                                             *score.value,
                                             given->to_number<double>(),
                                             std::string(Trim(text.value.value_or(""))),
                                             parts_.clock->NowMs(),
                                             {}});
    if (!added.ok()) return call.Fail(added.error());
    call.Send(201, ToJson(*added));
  }

  // With what was to be said and what was heard: learners find among their accesses that it was read.
  void List(const Call& call) const {
    std::int64_t after = 0;
    if (const auto asked = call.request->query.find("after"); asked != call.request->query.end()) {
      const auto number = ParseNumber(asked->second);
      if (!number || *number < 1) return call.FailField("after");
      after = *number;
    }
    const auto open = parts_.disputes->Open(after, kShown);
    if (!open.ok()) return call.Fail(open.error());
    bj::array disputes;
    for (const model::ScoreDispute& dispute : *open) {
      const auto session = parts_.service->Get(dispute.user_id, dispute.session_id);
      if (!session.ok() && session.error().code == base::ErrorCode::kSessionNotFound) continue;
      if (!session.ok()) return call.Fail(session.error());
      if (!Log(call, dispute, "read")) return;
      bj::object document = ToJson(dispute);
      document["reference_text"] = session->reference_text;
      document["transcript"] = session->analysis ? bj::value(session->analysis->transcript.text) : bj::value(nullptr);
      disputes.emplace_back(std::move(document));
    }
    call.Send(200, {{"disputes", std::move(disputes)}});
  }

  void Hear(const Call& call) const {
    const auto dispute = Find(call);
    if (!dispute) return;
    auto recording = parts_.service->Audio(dispute->user_id, dispute->session_id);
    if (recording.ok() && !Log(call, *dispute, "heard")) return;
    SendRecording(call, std::move(recording));
  }

  void Review(const Call& call) const {
    const auto dispute = Find(call);
    if (!dispute) return;
    const base::Status done = parts_.disputes->MarkReviewed(dispute->id, parts_.clock->NowMs());
    if (!done.ok()) return call.Fail(done.error());
    call.reply(Response{.status = 204, .headers = {}, .body = {}});
  }

 private:
  // An open one: what was reviewed is closed to everyone but its learner.
  std::optional<model::ScoreDispute> Find(const Call& call) const {
    const auto id = ParseNumber(call.request->params.at("dispute_id"));
    auto found =
        id ? parts_.disputes->Get(*id) : base::Result<model::ScoreDispute>(base::ErrorCode::kNotFound, "not a dispute's id");
    if (found.ok() && !found->reviewed_at_ms) return std::move(*found);
    call.Fail(found.ok() ? base::Error{base::ErrorCode::kNotFound, "reviewed before"} : found.error());
    return std::nullopt;
  }

  bool Log(const Call& call, const model::ScoreDispute& dispute, const char* action) const {
    const base::Status logged =
        parts_.classes->LogAccess({0, dispute.user_id, call.user_id, {}, action, dispute.session_id, parts_.clock->NowMs()});
    if (!logged.ok()) call.Fail(logged.error());
    return logged.ok();
  }

  const DisputeParts parts_;
};

}  // namespace

bj::object ToJson(const model::ScoreDispute& dispute) {
  return {{"id", dispute.id},       {"session_id", dispute.session_id},
          {"score", dispute.score}, {"given", dispute.given},
          {"text", dispute.text},   {"created_at", base::FormatRfc3339(dispute.created_at_ms)}};
}

void AddDisputeRoutes(Router& router, const Guard& guard, const DisputeParts& parts) {
  const auto routes = std::make_shared<const DisputeRoutes>(parts);
  const auto handler = [&](void (DisputeRoutes::*handle)(const Call&) const) -> CallHandler {
    return [routes, handle](const Call& call) { ((*routes).*handle)(call); };
  };
  const std::string one = "/api/v1/admin/disputes/{dispute_id}";
  router.Add({.method = Method::kPost,
              .pattern = "/api/v1/speech-practice/sessions/{session_id}/disputes",
              .handler = guard.SignedIn(handler(&DisputeRoutes::Add))});
  router.Add(
      {.method = Method::kGet, .pattern = "/api/v1/admin/disputes", .handler = guard.AdminOnly(handler(&DisputeRoutes::List))});
  router.Add({.method = Method::kGet, .pattern = one + "/audio", .handler = guard.AdminOnly(handler(&DisputeRoutes::Hear))});
  router.Add({.method = Method::kPost, .pattern = one + "/review", .handler = guard.AdminOnly(handler(&DisputeRoutes::Review))});
}

}  // namespace speechcoach::api
