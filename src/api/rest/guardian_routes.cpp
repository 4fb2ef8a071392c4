#include "api/rest/guardian_routes.h"

#include <memory>
#include <string>
#include <utility>

#include "api/digest.h"
#include "api/fields.h"
#include "api/http/text.h"
#include "api/rest/class_access.h"
#include "api/rest/rest_context.h"
#include "api/rest/user_json.h"
#include "base/id.h"

namespace speechcoach::api {
namespace {

namespace bj = boost::json;

constexpr std::size_t kCodeBytes = 16;
constexpr std::size_t kMaxCodeBytes = 100;
constexpr std::size_t kMaxNameBytes = 200;
constexpr int kErasedAtOnce = 100;

bj::value SourceJson(const std::optional<model::ConsentSource>& source) {
  if (!source) return nullptr;
  return *source == model::ConsentSource::kGuardian ? "guardian" : "school";
}

class GuardianRoutes {
 public:
  explicit GuardianRoutes(const GuardianParts& parts) : parts_(parts), access_(parts.classes) {}

  void GetOwn(const Call& call) const { SendState(call, call.user_id); }

  // One who says it by mistake asks for a new account: whoever could take it back could do without a guardian.
  void Declare(const Call& call) const {
    const auto body = call.ReadJson();
    if (!body) return;
    const auto is_child = BoolField(*body, "is_child");
    if (!is_child.value || !*is_child.value) return call.FailField("is_child");
    const auto user = parts_.authenticator->GetUser(call.user_id);
    if (!user.ok()) return call.Fail(user.error());
    if (user->role != model::Role::kLearner) return call.Fail({base::ErrorCode::kConflict, "no learner"});
    if (const base::Status done = parts_.guardians->DeclareChild(call.user_id, Now()); !done.ok()) return call.Fail(done.error());
    SendState(call, call.user_id);
  }

  // The code stands behind the number sign: browsers send it to nobody.
  void MakeLink(const Call& call) const {
    const std::string code = base::RandomHex(kCodeBytes);
    if (const base::Status put = parts_.guardians->PutCode(call.user_id, Sha256Hex(code)); !put.ok())
      return call.Fail(put.error());
    call.Send(200, {{"code", code}, {"path", "/guardian#" + code}});
  }

  // By whoever holds the link. Without `is_given` they only look.
  void Answer(const Call& call) const {
    const auto body = call.ReadJson();
    if (!body) return;
    const auto code = TextField(*body, "code", kMaxCodeBytes);
    if (!code.value) return call.FailField("code");
    const auto is_given = BoolField(*body, "is_given");
    if (is_given.is_wrong) return call.FailField("is_given");
    const auto guardian = TextField(*body, "guardian", kMaxNameBytes);
    const std::string name(Trim(guardian.value.value_or("")));
    if (guardian.is_wrong || !IsName(name) || (is_given.value.value_or(false) && name.empty())) return call.FailField("guardian");
    const auto child = parts_.guardians->FindByCode(Sha256Hex(*code.value));
    if (!child.ok()) return call.Fail(child.error());
    if (is_given.value) {
      const base::Status done = *is_given.value ? parts_.guardians->Give(child->user_id, name, Now()) : TakeBack(child->user_id);
      if (!done.ok()) return call.Fail(done.error());
    }
    const auto consent = parts_.guardians->Of(child->user_id);
    if (!consent.ok()) return call.Fail(consent.error());
    bj::object document = GuardianConsentJson(*consent);
    document["learner"] = child->name;
    call.Send(200, document);
  }

  void ListChildren(const Call& call) const {
    const auto its = access_.Taught(call);
    if (!its) return;
    const auto found = parts_.guardians->ChildrenIn(its->id);
    if (!found.ok()) return call.Fail(found.error());
    bj::array children;
    for (const model::GuardianConsent& child : *found) {
      children.emplace_back(bj::object{{"user_id", child.user_id},
                                       {"name", child.name},
                                       {"is_given", child.is_given()},
                                       {"source", SourceJson(child.source)}});
    }
    call.Send(200, {{"children", std::move(children)}});
  }

  void Record(const Call& call) const {
    const auto learner = access_.Learner(call);
    if (!learner) return;
    const auto body = call.ReadJson();
    if (!body) return;
    const auto is_given = BoolField(*body, "is_given");
    if (!is_given.value) return call.FailField("is_given");
    if (const base::Status done = parts_.guardians->Record(learner->user_id, call.user_id, *is_given.value, Now()); !done.ok())
      return call.Fail(done.error());
    SendState(call, learner->user_id);
  }

  void Undo(const Call& call) const {
    const auto learner = access_.Learner(call);
    if (!learner) return;
    if (const base::Status done = parts_.guardians->UndoRecord(learner->user_id, call.user_id); !done.ok())
      return call.Fail(done.error());
    SendState(call, learner->user_id);
  }

 private:
  std::int64_t Now() const { return parts_.classes.clock->NowMs(); }

  void SendState(const Call& call, std::int64_t user_id) const {
    const auto consent = parts_.guardians->Of(user_id);
    if (!consent.ok()) return call.Fail(consent.error());
    call.Send(200, GuardianConsentJson(*consent));
  }

  // From here on nothing is added; then what there is goes. Where it stops in between, saying no again finishes it.
  base::Status TakeBack(std::int64_t user_id) const {
    if (const base::Status refused = parts_.guardians->Refuse(user_id, Now()); !refused.ok()) return refused;
    storage::SessionFilter newest;
    newest.limit = kErasedAtOnce;
    while (true) {
      const auto page = parts_.classes.service->List(user_id, newest);
      if (!page.ok()) return page.error();
      if (page->sessions.empty()) return {};
      for (const model::SessionSummary& session : page->sessions) {
        const base::Status deleted = parts_.classes.service->Delete(user_id, session.session.id);
        if (!deleted.ok() && deleted.error().code != base::ErrorCode::kSessionNotFound) return deleted;
      }
    }
  }

  const GuardianParts parts_;
  const ClassAccess access_;
};

}  // namespace

bj::object GuardianConsentJson(const std::optional<model::GuardianConsent>& consent) {
  const bool is_given = consent && consent->is_given();
  return {{"is_child", consent.has_value()},
          {"is_given", is_given},
          {"is_refused", consent && consent->is_refused},
          {"source", consent ? SourceJson(consent->source) : bj::value(nullptr)},
          {"guardian", is_given && !consent->guardian.empty() ? bj::value(consent->guardian) : bj::value(nullptr)},
          {"given_at", is_given ? bj::value(base::FormatRfc3339(consent->given_at_ms)) : bj::value(nullptr)}};
}

void AddGuardianRoutes(Router& router, const Guard& guard, const GuardianParts& parts) {
  const auto routes = std::make_shared<const GuardianRoutes>(parts);
  const auto handler = [&](void (GuardianRoutes::*handle)(const Call&) const) -> CallHandler {
    return [routes, handle](const Call& call) { ((*routes).*handle)(call); };
  };
  const std::string own = "/api/v1/auth/me/guardian-consent";
  const std::string its = "/api/v1/classes/{class_id}";
  router.Add({.method = Method::kGet, .pattern = own, .handler = guard.SignedIn(handler(&GuardianRoutes::GetOwn))});
  router.Add({.method = Method::kPut, .pattern = own, .handler = guard.SignedIn(handler(&GuardianRoutes::Declare))});
  router.Add({.method = Method::kPost,
              .pattern = "/api/v1/auth/me/guardian-link",
              .handler = guard.SignedIn(handler(&GuardianRoutes::MakeLink))});
  router.Add({.method = Method::kPost,
              .pattern = "/api/v1/guardian-consent",
              .handler = guard.Public(handler(&GuardianRoutes::Answer))});
  router.Add({.method = Method::kGet,
              .pattern = its + "/children",
              .handler = guard.TeacherOnly(handler(&GuardianRoutes::ListChildren))});
  const std::string recorded = its + "/learners/{user_id}/guardian-consent";
  router.Add({.method = Method::kPut, .pattern = recorded, .handler = guard.TeacherOnly(handler(&GuardianRoutes::Record))});
  router.Add({.method = Method::kDelete, .pattern = recorded, .handler = guard.TeacherOnly(handler(&GuardianRoutes::Undo))});
}

}  // namespace speechcoach::api
