#include "api/rest/class_routes.h"

#include <cmath>
#include <memory>
#include <optional>
#include <utility>

#include "api/fields.h"
#include "api/http/text.h"
#include "api/rest/class_access.h"
#include "api/rest/class_json.h"
#include "api/rest/rest_context.h"
#include "api/rest/sentence_input.h"
#include "api/rest/session_answers.h"
#include "api/rest/user_json.h"
#include "base/id.h"
#include "json/model_json.h"

namespace speechcoach::api {
namespace {

namespace bj = boost::json;

constexpr std::size_t kMaxNameBytes = 200;
constexpr std::size_t kMaxCodeBytes = 40;
constexpr std::size_t kMaxRosterBytes = 1024 * 1024;
constexpr std::size_t kCodeLetters = 8;
constexpr int kCodeTries = 5;
// Thirty-two that nobody takes for another.
constexpr std::string_view kCodeAlphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

std::string NewCode() {
  const std::string random = base::RandomHex(kCodeLetters);
  std::string code;
  for (std::size_t i = 0; i < random.size(); i += 2)
    code += kCodeAlphabet[std::stoul(random.substr(i, 2), nullptr, 16) % kCodeAlphabet.size()];
  return code;
}

// As a learner may type it: lower case, with spaces or dashes.
std::string NormalCode(std::string_view typed) {
  std::string code;
  for (const char c : typed) {
    if (c == ' ' || c == '-') continue;
    code += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return code;
}

bj::object MemberJson(const model::ClassMember& member) {
  return {
      {"user_id", member.user_id},
      {"name", member.name},
      {"joined_at", base::FormatRfc3339(member.joined_at_ms)},
      {"sessions", member.sessions},
      {"minutes", std::round(member.practice_s / 6.0) / 10.0},
      {"mean_overall", member.mean_overall ? bj::value(std::round(*member.mean_overall * 100.0) / 100.0) : bj::value(nullptr)},
      {"last_practice_at",
       member.last_practice_ms ? bj::value(base::FormatRfc3339(*member.last_practice_ms)) : bj::value(nullptr)}};
}

class ClassRoutes {
 public:
  explicit ClassRoutes(const ClassParts& parts) : parts_(parts), access_(parts) {}

  void List(const Call& call) const {
    const auto user = parts_.users->Get(call.user_id);
    if (!user.ok()) return call.Fail(user.error());
    const auto taught = user->role == model::Role::kLearner ? base::Result(std::vector<model::SchoolClass>())
                                                            : parts_.classes->TaughtBy(call.user_id);
    if (!taught.ok()) return call.Fail(taught.error());
    const auto joined = parts_.classes->JoinedBy(call.user_id);
    if (!joined.ok()) return call.Fail(joined.error());
    const auto inviting =
        user->email.empty() ? base::Result(std::vector<model::SchoolClass>()) : parts_.classes->Inviting(user->email);
    if (!inviting.ok()) return call.Fail(inviting.error());
    const auto list = [](const std::vector<model::SchoolClass>& classes, bj::object (*to_json)(const model::SchoolClass&)) {
      bj::array array;
      for (const model::SchoolClass& each : classes) array.emplace_back(to_json(each));
      return array;
    };
    call.Send(200, {{"teaching", list(*taught, TaughtClassJson)},
                    {"learning", list(*joined, ToJson)},
                    {"invitations", list(*inviting, ToJson)}});
  }

  void Create(const Call& call) const {
    const auto body = call.ReadJson();
    if (!body) return;
    const auto name = ReadName(call, *body);
    if (!name) return;
    for (int i = 0; i < kCodeTries; ++i) {
      const auto made = parts_.classes->Create({0, call.user_id, *name, NewCode(), parts_.clock->NowMs()});
      if (made.ok()) return call.Send(201, TaughtClassJson(*made));
      if (made.error().code != base::ErrorCode::kConflict) return call.Fail(made.error());
    }
    call.Fail({base::ErrorCode::kBusy, "no class code is free"});
  }

  void Change(const Call& call) const {
    auto found = access_.Taught(call);
    if (!found) return;
    const auto body = call.ReadJson();
    if (!body) return;
    if (body->contains("name")) {
      const auto name = ReadName(call, *body);
      if (!name) return;
      found->name = *name;
    }
    const auto new_code = BoolField(*body, "new_code");
    if (new_code.is_wrong) return call.FailField("new_code");
    if (new_code.value.value_or(false)) found->code = NewCode();
    if (const base::Status updated = parts_.classes->Update(*found); !updated.ok()) return call.Fail(updated.error());
    call.Send(200, TaughtClassJson(*found));
  }

  void Delete(const Call& call) const {
    const auto found = access_.Taught(call);
    if (found) Answer(call, parts_.classes->Delete(found->id));
  }

  // By its code, or by its number where one is invited.
  void Join(const Call& call) const {
    const auto body = call.ReadJson();
    if (!body) return;
    const auto code = TextField(*body, "code", kMaxCodeBytes);
    if (code.is_wrong) return call.FailField("code");
    const auto id = IntegerField(*body, "class_id");
    if (id.is_wrong || code.value.has_value() == id.value.has_value()) return call.FailField("class_id");
    const auto user = parts_.users->Get(call.user_id);
    if (!user.ok()) return call.Fail(user.error());
    const auto found = code.value ? parts_.classes->FindByCode(NormalCode(*code.value)) : Invited(*id.value, user->email);
    if (!found.ok()) return call.Fail(found.error());
    if (found->teacher_id == call.user_id) return call.Fail({base::ErrorCode::kConflict, "one's own class"});
    const base::Status joined = parts_.classes->Join(found->id, call.user_id, user->email, parts_.clock->NowMs());
    if (!joined.ok()) return call.Fail(joined.error());
    call.Send(200, ToJson(*found));
  }

  void AddRoster(const Call& call) const {
    const auto found = access_.Taught(call);
    if (!found) return;
    if (MediaType(call.request->headers.Get("Content-Type")) != "text/csv") return call.FailHttp(415);
    const auto people = RosterFromCsv(call.request->body_text());
    if (const auto* errors = std::get_if<LineErrors>(&people))
      return call.reply(MakeLineProblem(*errors, {call.request->id, call.locale}));
    const auto& listed = std::get<std::vector<model::ClassInvitation>>(people);
    const auto invited = parts_.classes->Invite(found->id, listed, parts_.clock->NowMs());
    if (!invited.ok()) return call.Fail(invited.error());
    call.Send(200, {{"invited", *invited}, {"already", static_cast<int>(listed.size()) - *invited}});
  }

  void ListLearners(const Call& call) const {
    const auto found = access_.Taught(call);
    if (!found) return;
    const auto members = parts_.classes->Members(found->id);
    if (!members.ok()) return call.Fail(members.error());
    const auto invitations = parts_.classes->Invitations(found->id);
    if (!invitations.ok()) return call.Fail(invitations.error());
    bj::array learners;
    for (const model::ClassMember& member : *members) learners.emplace_back(MemberJson(member));
    bj::array invited;
    for (const model::ClassInvitation& person : *invitations)
      invited.emplace_back(bj::object{{"email", person.email}, {"name", person.name}});
    call.Send(200, {{"learners", std::move(learners)}, {"invited", std::move(invited)}});
  }

  // A teacher takes a learner out, or learners go themselves: from then on nothing of theirs is shown.
  void RemoveLearner(const Call& call) const {
    const auto found = access_.TaughtOrJoined(call);
    if (!found) return;
    const auto user_id = ParseNumber(call.request->params.at("user_id"));
    const bool may = user_id && (found->is_taught || *user_id == call.user_id);
    if (!may) return call.Fail({base::ErrorCode::kNotFound, "another learner"});
    Answer(call, parts_.classes->Leave(found->its.id, *user_id));
  }

  void ListSessions(const Call& call) const {
    const auto learner = access_.Learner(call);
    if (!learner) return;
    auto filter = SessionFilterOf(call);
    if (!filter) return;
    filter->created_from_ms = std::max(filter->created_from_ms, learner->since_ms);
    const auto page = parts_.service->List(learner->user_id, *filter);
    if (page.ok() && !access_.Log(call, learner->user_id, "listed")) return;
    SendPage(call, page);
  }

  void GetSession(const Call& call) const {
    const auto learner = access_.Learner(call);
    if (!learner) return;
    const auto stored = access_.Session(call, *learner);
    if (!stored || !access_.Log(call, learner->user_id, "read", stored->session.id)) return;
    SendWhole(call, *stored, parts_.service->Turns(stored->session));
  }

  void GetAudio(const Call& call) const {
    const auto learner = access_.Learner(call);
    if (!learner) return;
    const auto stored = access_.Session(call, *learner);
    std::optional<int> turn;
    if (!stored || !ReadTurn(call, turn)) return;
    auto recording = parts_.service->Audio(learner->user_id, stored->session.id, turn);
    if (recording.ok() && !access_.Log(call, learner->user_id, "heard", stored->session.id)) return;
    SendRecording(call, std::move(recording));
  }

 private:
  static std::optional<std::string> ReadName(const Call& call, const bj::object& body) {
    const auto name = TextField(body, "name", kMaxNameBytes);
    if (name.value && IsName(*name.value) && !Trim(*name.value).empty()) return std::string(Trim(*name.value));
    call.FailField("name");
    return std::nullopt;
  }

  static void Answer(const Call& call, const base::Status& done) {
    if (!done.ok()) return call.Fail(done.error());
    call.reply(Response{.status = 204, .headers = {}, .body = {}});
  }

  base::Result<model::SchoolClass> Invited(std::int64_t class_id, const std::string& email) const {
    if (email.empty()) return {base::ErrorCode::kNotFound, "nobody invites a guest"};
    auto inviting = parts_.classes->Inviting(email);
    if (!inviting.ok()) return inviting.error();
    for (model::SchoolClass& each : *inviting) {
      if (each.id == class_id) return std::move(each);
    }
    return {base::ErrorCode::kNotFound, "no invitation"};
  }

  const ClassParts parts_;
  const ClassAccess access_;
};

}  // namespace

void AddClassRoutes(Router& router, const Guard& guard, const ClassParts& parts) {
  const auto routes = std::make_shared<const ClassRoutes>(parts);
  const auto handler = [&](void (ClassRoutes::*handle)(const Call&) const) -> CallHandler {
    return [routes, handle](const Call& call) { ((*routes).*handle)(call); };
  };
  const auto add = [&](Method method, const char* path, Handler handle, std::size_t max_body_bytes = Route{}.max_body_bytes) {
    router.Add({.method = method,
                .pattern = std::string("/api/v1/classes") + path,
                .handler = std::move(handle),
                .max_body_bytes = max_body_bytes});
  };
  add(Method::kGet, "", guard.SignedIn(handler(&ClassRoutes::List)));
  add(Method::kPost, "", guard.TeacherOnly(handler(&ClassRoutes::Create)));
  add(Method::kPost, "/join", guard.SignedIn(handler(&ClassRoutes::Join)));
  add(Method::kPatch, "/{class_id}", guard.TeacherOnly(handler(&ClassRoutes::Change)));
  add(Method::kDelete, "/{class_id}", guard.TeacherOnly(handler(&ClassRoutes::Delete)));
  add(Method::kPost, "/{class_id}/roster", guard.TeacherOnly(handler(&ClassRoutes::AddRoster)), kMaxRosterBytes);
  add(Method::kGet, "/{class_id}/learners", guard.TeacherOnly(handler(&ClassRoutes::ListLearners)));
  add(Method::kDelete, "/{class_id}/learners/{user_id}", guard.SignedIn(handler(&ClassRoutes::RemoveLearner)));
  add(Method::kGet, "/{class_id}/learners/{user_id}/sessions", guard.TeacherOnly(handler(&ClassRoutes::ListSessions)));
  add(Method::kGet, "/{class_id}/learners/{user_id}/sessions/{session_id}", guard.TeacherOnly(handler(&ClassRoutes::GetSession)));
  add(Method::kGet, "/{class_id}/learners/{user_id}/sessions/{session_id}/audio",
      guard.TeacherOnly(handler(&ClassRoutes::GetAudio)));
}

}  // namespace speechcoach::api
