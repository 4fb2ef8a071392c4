#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "api/fields.h"
#include "api/http/text.h"
#include "api/rest/class_access.h"
#include "api/rest/class_json.h"
#include "api/rest/class_routes.h"
#include "api/rest/rest_context.h"
#include "api/rest/session_answers.h"
#include "base/utf8.h"

namespace speechcoach::api {
namespace {

namespace bj = boost::json;

constexpr std::size_t kMaxCommentBytes = 4000;
constexpr double kLatestPlaceS = 3600.0;
constexpr int kAccessesShown = 100;

class CommentRoutes {
 public:
  explicit CommentRoutes(const ClassParts& parts) : parts_(parts), access_(parts) {}

  void ListOwn(const Call& call) const {
    if (const auto stored = Own(call)) List(call, stored->session.id);
  }
  void AddOwn(const Call& call) const {
    if (const auto stored = Own(call)) Add(call, stored->session.id);
  }
  void ListTaught(const Call& call) const {
    const auto learner = access_.Learner(call);
    if (!learner) return;
    const auto stored = access_.Session(call, *learner);
    if (stored && access_.Log(call, learner->user_id, "read", stored->session.id)) List(call, stored->session.id);
  }
  void AddTaught(const Call& call) const {
    const auto learner = access_.Learner(call);
    if (!learner) return;
    if (const auto stored = access_.Session(call, *learner)) Add(call, stored->session.id);
  }

  void ListAccesses(const Call& call) const {
    std::int64_t before = std::numeric_limits<std::int64_t>::max();
    if (const auto given = call.request->query.find("before"); given != call.request->query.end()) {
      const auto number = ParseNumber(given->second);
      if (!number || *number < 1) return call.FailField("before");
      before = *number;
    }
    const auto records = parts_.classes->AccessesTo(call.user_id, before, kAccessesShown);
    if (!records.ok()) return call.Fail(records.error());
    bj::array accesses;
    for (const model::AccessRecord& record : *records) accesses.emplace_back(ToJson(record));
    call.Send(200, {{"accesses", std::move(accesses)}});
  }

 private:
  std::optional<storage::StoredSession> Own(const Call& call) const {
    const auto id = SessionIdOf(call);
    if (!id) return std::nullopt;
    auto stored = parts_.service->GetStored(call.user_id, *id);
    if (stored.ok()) return std::move(*stored);
    call.Fail(stored.error());
    return std::nullopt;
  }

  void List(const Call& call, const std::string& session_id) const {
    const auto comments = parts_.classes->Comments(session_id);
    if (!comments.ok()) return call.Fail(comments.error());
    bj::array list;
    for (const model::SessionComment& comment : *comments) list.emplace_back(ToJson(comment));
    call.Send(200, {{"comments", std::move(list)}});
  }

  void Add(const Call& call, const std::string& session_id) const {
    const auto body = call.ReadJson();
    if (!body) return;
    const auto text = TextField(*body, "text", kMaxCommentBytes);
    if (!text.value || !base::IsValidUtf8(*text.value) || Trim(*text.value).empty()) return call.FailField("text");
    model::SessionComment comment{0, session_id, call.user_id, {}, {}, std::string(Trim(*text.value)), parts_.clock->NowMs()};
    if (const bj::value* at = body->if_contains("at_s"); at != nullptr && !at->is_null()) {
      boost::system::error_code fault;
      const double at_s = at->is_number() ? at->to_number<double>(fault) : -1.0;
      if (fault || !(at_s >= 0.0 && at_s <= kLatestPlaceS)) return call.FailField("at_s");
      comment.at_s = at_s;
    }
    const auto author = parts_.users->Get(call.user_id);
    if (!author.ok()) return call.Fail(author.error());
    comment.author_name = author->name;
    const auto added = parts_.classes->AddComment(comment);
    if (!added.ok()) return call.Fail(added.error());
    call.Send(201, ToJson(*added));
  }

  const ClassParts parts_;
  const ClassAccess access_;
};

}  // namespace

void AddCommentRoutes(Router& router, const Guard& guard, const ClassParts& parts) {
  const auto routes = std::make_shared<const CommentRoutes>(parts);
  const auto handler = [&](void (CommentRoutes::*handle)(const Call&) const) -> CallHandler {
    return [routes, handle](const Call& call) { ((*routes).*handle)(call); };
  };
  const std::string own = "/api/v1/speech-practice/sessions/{session_id}/comments";
  const std::string taught = "/api/v1/classes/{class_id}/learners/{user_id}/sessions/{session_id}/comments";
  router.Add({.method = Method::kGet, .pattern = own, .handler = guard.SignedIn(handler(&CommentRoutes::ListOwn))});
  router.Add({.method = Method::kPost, .pattern = own, .handler = guard.SignedIn(handler(&CommentRoutes::AddOwn))});
  router.Add({.method = Method::kGet, .pattern = taught, .handler = guard.TeacherOnly(handler(&CommentRoutes::ListTaught))});
  router.Add({.method = Method::kPost, .pattern = taught, .handler = guard.TeacherOnly(handler(&CommentRoutes::AddTaught))});
  router.Add({.method = Method::kGet,
              .pattern = "/api/v1/auth/me/accesses",
              .handler = guard.SignedIn(handler(&CommentRoutes::ListAccesses))});
}

}  // namespace speechcoach::api
