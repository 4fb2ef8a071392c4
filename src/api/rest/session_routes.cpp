#include "api/rest/session_routes.h"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "api/fields.h"
#include "api/http/text.h"
#include "api/rest/json_response.h"
#include "api/rest/session_answers.h"
#include "api/rest/session_request.h"
#include "json/session_text.h"

namespace speechcoach::api {
namespace {

constexpr std::size_t kFormSlackBytes = 64 * 1024;  // fields and headers beside the recording
constexpr std::int64_t kMaxWaitS = 60;

void FailBody(const Call& call, const BodyRefusal& refusal) {
  if (refusal.http_status != 0) return call.FailHttp(refusal.http_status);
  if (!refusal.field.empty()) return call.FailField(refusal.field);
  call.Fail(refusal.error);
}

class SessionRoutes {
 public:
  SessionRoutes(const WaitParts& parts) : parts_(parts) {}

  void Create(const Call& call) const {
    const auto wait = Wait(call);
    if (!wait) return call.FailField("wait");
    auto body = ReadSessionRequest(*call.request, call.locale);
    if (const auto* refusal = std::get_if<BodyRefusal>(&body)) return FailBody(call, *refusal);
    auto& request = std::get<SessionRequest>(body);
    request.session.user_id = call.user_id;
    const auto created = parts_.service->Create(request.session);
    if (!created.ok()) return Refuse(call, created.error());
    if (!request.recording) {
      KeepDone(call, 201, *created);
      return SendSession(parts_, call, 201, created->id);
    }
    Submit(call, created->id, *request.recording, *wait);
  }

  void SendAudio(const Call& call) const {
    const auto wait = Wait(call);
    if (!wait) return call.FailField("wait");
    const auto id = SessionIdOf(call);
    if (!id) return;
    auto body = ReadRecording(*call.request);
    if (const auto* refusal = std::get_if<BodyRefusal>(&body)) return FailBody(call, *refusal);
    Submit(call, *id, std::get<pipeline::Recording>(body), *wait);
  }

  void Retry(const Call& call) const {
    const auto wait = Wait(call);
    if (!wait) return call.FailField("wait");
    const auto id = SessionIdOf(call);
    if (!id) return;
    const auto body = call.ReadJson();
    if (!body) return;
    const auto full = BoolField(*body, "full");
    if (full.is_wrong) return call.FailField("full");
    const auto session = parts_.service->Retry(call.user_id, *id, full.value.value_or(false));
    if (!session.ok()) return call.Fail(session.error(), *id);
    Answer(call, *session, *wait);
  }

  void Get(const Call& call) const {
    const auto id = SessionIdOf(call);
    if (!id) return;
    const auto stored = parts_.service->GetStored(call.user_id, *id);
    if (!stored.ok()) return call.Fail(stored.error());
    SendWhole(call, *stored, parts_.service->Turns(stored->session));
  }

  void List(const Call& call) const {
    if (const auto filter = SessionFilterOf(call)) SendPage(call, parts_.service->List(call.user_id, *filter));
  }

  void Delete(const Call& call) const {
    const auto id = SessionIdOf(call);
    if (!id) return;
    if (const base::Status deleted = parts_.service->Delete(call.user_id, *id); !deleted.ok()) return call.Fail(deleted.error());
    call.reply(Response{.status = 204, .headers = {}, .body = {}});
  }

  void GetAudio(const Call& call) const {
    const auto id = SessionIdOf(call);
    if (!id) return;
    std::optional<int> turn;
    if (ReadTurn(call, turn)) SendRecording(call, parts_.service->Audio(call.user_id, *id, turn));
  }

 private:
  // Of one's own sessions nothing is forbidden but what a child's guardian has not agreed to.
  static void Refuse(const Call& call, const base::Error& error, std::string_view id = {}) {
    if (error.code != base::ErrorCode::kForbidden) return call.Fail(error, id);
    call.reply(MakeGuardianProblem({call.request->id, call.locale, id}));
  }

  // As it is stored, so that whoever reads it again finds every digit the same.
  static void SendSession(const WaitParts& parts, const Call& call, int status, const std::string& id) {
    const auto stored = parts.service->GetStored(call.user_id, id);
    if (!stored.ok()) return call.Fail(stored.error(), id);
    auto text = json::SessionText(stored->session, stored->analysis);
    if (!text.ok()) return call.Fail(text.error(), id);
    Response response = JsonResponse(status, std::move(*text));
    if (status != 200) response.headers.Set("Location", fmt::format("{}/{}", kSessionsPath, id));
    call.reply(std::move(response));
  }

  // The recording is safe and its work is queued: neither a server that stops during the wait nor a database that cannot be read may
  // make the client begin anew.
  static void KeepDone(const Call& call, int status, const model::Session& session) {
    if (!call.keep) return;
    auto text = json::SessionText(session, {});
    if (!text.ok()) return;
    Response response = JsonResponse(status, std::move(*text));
    response.headers.Set("Location", fmt::format("{}/{}", kSessionsPath, session.id));
    call.Done(response);
  }

  // `wait` of the query; nullopt where it is not valid.
  static std::optional<std::chrono::seconds> Wait(const Call& call) {
    const auto wait = call.request->query.find("wait");
    if (wait == call.request->query.end()) return std::chrono::seconds(0);
    const auto seconds = ParseNumber(wait->second);
    if (!seconds || *seconds > kMaxWaitS) return std::nullopt;
    return std::chrono::seconds(*seconds);
  }

  void Submit(const Call& call, const std::string& id, const pipeline::Recording& recording, std::chrono::seconds wait) const {
    const auto session = parts_.service->SubmitAudio(call.user_id, id, recording);
    if (!session.ok()) {
      Call in_its_language = call;
      if (const auto kept = parts_.service->Get(call.user_id, id); kept.ok()) in_its_language.locale = kept->locale;
      return Refuse(in_its_language, session.error(), id);
    }
    Answer(call, *session, wait);
  }

  void Answer(const Call& call, const model::Session& session, std::chrono::seconds wait) const {
    KeepDone(call, 202, session);
    if (wait.count() == 0) return SendSession(parts_, call, model::IsFinal(session.status) ? 200 : 202, session.id);
    AnswerWhenFinal(parts_, call, session.id, wait, [parts = parts_](const Call& waiting, const model::Session& reached) {
      SendSession(parts, waiting, model::IsFinal(reached.status) ? 200 : 202, reached.id);
    });
  }

  const WaitParts parts_;
};

}  // namespace

void AddSessionRoutes(Router& router, const Guard& guard, const WaitParts& parts, const base::Config& config) {
  const auto routes = std::make_shared<const SessionRoutes>(parts);
  const auto handler = [&](void (SessionRoutes::*handle)(const Call&) const) {
    return guard.SignedIn([routes, handle](const Call& call) { ((*routes).*handle)(call); });
  };
  const std::string all(kSessionsPath);
  const std::string one = all + "/{session_id}";
  const std::size_t audio_bytes = static_cast<std::size_t>(config.audio.max_bytes) + kFormSlackBytes;
  router.Add({.method = Method::kPost,
              .pattern = all,
              .handler = handler(&SessionRoutes::Create),
              .max_body_bytes = audio_bytes,
              .takes_audio = true});
  router.Add({.method = Method::kGet, .pattern = all, .handler = handler(&SessionRoutes::List)});
  router.Add({.method = Method::kGet, .pattern = one, .handler = handler(&SessionRoutes::Get)});
  router.Add({.method = Method::kDelete, .pattern = one, .handler = handler(&SessionRoutes::Delete)});
  router.Add({.method = Method::kPost,
              .pattern = one + "/audio",
              .handler = handler(&SessionRoutes::SendAudio),
              .max_body_bytes = audio_bytes,
              .takes_audio = true});
  router.Add({.method = Method::kGet, .pattern = one + "/audio", .handler = handler(&SessionRoutes::GetAudio)});
  router.Add({.method = Method::kPost, .pattern = one + "/retry", .handler = handler(&SessionRoutes::Retry)});
}

}  // namespace speechcoach::api
