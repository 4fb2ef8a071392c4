#include "api/rest/auth_routes.h"

#include <memory>
#include <optional>
#include <utility>

#include "api/fields.h"
#include "api/rest/rest_context.h"
#include "api/rest/user_json.h"
#include "base/clock.h"
#include "base/log.h"
#include "json/model_json.h"

namespace speechcoach::api {
namespace {

constexpr std::size_t kMaxNameBytes = 320;
constexpr std::size_t kMaxEmailBytes = 300;
constexpr std::size_t kMaxPasswordFieldBytes = 1024;
constexpr std::size_t kMaxRefreshTokenBytes = 200;

boost::json::object SignInJson(const SignIn& sign_in) {
  return {{"token", sign_in.token}, {"expires_at", base::FormatRfc3339(sign_in.expires_at_ms)}, {"user", UserJson(sign_in.user)}};
}

boost::json::object SignInJson(const AccountSignIn& sign_in) {
  boost::json::object document = SignInJson(sign_in.access);
  document["refresh_token"] = sign_in.refresh_token;
  document["refresh_expires_at"] = base::FormatRfc3339(sign_in.refresh_expires_at_ms);
  return document;
}

class AuthRoutes {
 public:
  explicit AuthRoutes(const AuthParts& parts) : parts_(parts) {}

  void MakeGuest(const Call& call) const {
    const auto body = call.ReadJson();
    if (!body) return;
    const auto name = ReadName(call, *body);
    if (!name) return;
    const auto is_child = BoolField(*body, "is_child");
    if (is_child.is_wrong) return call.FailField("is_child");
    const auto guest = parts_.authenticator->MakeGuest(*name, call.request->remote_address, is_child.value.value_or(false));
    if (!guest.ok()) return call.Fail(guest.error());
    NoteSignIn(call, guest->user.id, "guest");
    call.Send(201, SignInJson(*guest));
  }

  // With a guest's token in the header, the guest becomes the account.
  void Register(const Call& call) const {
    const auto body = call.ReadJson();
    if (!body) return;
    const auto email = ReadEmail(call, *body);
    if (!email) return;
    const auto password = ReadPassword(call, *body, "password");
    if (!password) return;
    const auto name = ReadName(call, *body);
    if (!name) return;
    const auto is_child = BoolField(*body, "is_child");
    if (is_child.is_wrong) return call.FailField("is_child");
    Accounts::Registration registration{*email, *password, *name};
    registration.is_child = is_child.value.value_or(false);
    if (call.request->headers.Has("Authorization")) {
      const auto guest = parts_.authenticator->CheckHeader(call.request->headers.Get("Authorization"));
      if (!guest.ok()) return call.Fail(guest.error());
      registration.guest_id = guest->user_id;
      // Whatever becomes of the account, the guest has said it.
      const base::Status said =
          registration.is_child ? parts_.guardians->DeclareChild(guest->user_id, parts_.clock->NowMs()) : base::Status();
      if (!said.ok()) return call.Fail(said.error());
    }
    Answer(call, 201, "register", parts_.accounts->Register(registration, call.request->remote_address));
  }

  void Login(const Call& call) const {
    const auto body = call.ReadJson();
    if (!body) return;
    const auto email = ReadEmail(call, *body);
    if (!email) return;
    const auto password = TextField(*body, "password", kMaxPasswordFieldBytes);
    if (!password.value) return call.FailField("password");
    Answer(call, 200, "login", parts_.accounts->Login(*email, *password.value, call.request->remote_address));
  }

  void Refresh(const Call& call) const {
    const auto token = ReadRefreshToken(call);
    if (token) Answer(call, 200, "refresh", parts_.accounts->Refresh(*token));
  }

  void Logout(const Call& call) const {
    const auto token = ReadRefreshToken(call);
    if (!token) return;
    if (const base::Status done = parts_.accounts->Logout(*token); !done.ok()) return call.Fail(done.error());
    call.reply(Response{.status = 204, .headers = {}, .body = {}});
  }

  void ChangePassword(const Call& call) const {
    const auto body = call.ReadJson();
    if (!body) return;
    const auto old_password = TextField(*body, "old_password", kMaxPasswordFieldBytes);
    if (!old_password.value) return call.FailField("old_password");
    const auto new_password = ReadPassword(call, *body, "new_password");
    if (!new_password) return;
    Answer(call, 200, "password", parts_.accounts->ChangePassword(call.user_id, *old_password.value, *new_password));
  }

  void GetMe(const Call& call) const {
    const auto user = parts_.authenticator->GetUser(call.user_id);
    if (!user.ok()) return call.Fail(user.error());
    const auto settings = parts_.settings->Settings(call.user_id);
    if (!settings.ok()) return call.Fail(settings.error());
    call.Send(200, MeJson(*user, *settings));
  }

  void EraseMe(const Call& call) const {
    if (const base::Status erased = parts_.retention->EraseUser(call.user_id); !erased.ok()) return call.Fail(erased.error());
    parts_.authenticator->Forget(call.user_id);
    call.reply(Response{.status = 204, .headers = {}, .body = {}});
  }

  void ChangeMe(const Call& call) const {
    const auto body = call.ReadJson();
    if (!body) return;
    auto user = parts_.authenticator->GetUser(call.user_id);
    if (!user.ok()) return call.Fail(user.error());
    auto settings = parts_.settings->Settings(call.user_id);
    if (!settings.ok()) return call.Fail(settings.error());
    if (body->contains("name")) {
      const auto name = ReadName(call, *body);
      if (!name) return;
      user->name = *name;
    }
    const std::string old_zone = settings->time_zone;
    if (const std::string wrong = ReadInto(*body, *settings); !wrong.empty()) return call.FailField(wrong);
    if (const base::Status put = parts_.settings->PutSettings(call.user_id, *settings); !put.ok()) return call.Fail(put.error());
    if (body->contains("name")) {
      if (const base::Status updated = parts_.users->Update(*user); !updated.ok()) return call.Fail(updated.error());
    }
    // Other days: what was practised when has to be counted anew.
    if (settings->time_zone != old_zone) {
      if (const auto rebuilt = parts_.progress->Rebuild(call.user_id); !rebuilt.ok()) return call.Fail(rebuilt.error());
    }
    call.Send(200, MeJson(*user, *settings));
  }

 private:
  // For whoever looks later who came in, and by which way; who did not is noted by Call::Fail.
  static void NoteSignIn(const Call& call, std::int64_t user_id, std::string_view way) {
    base::Log(base::LogLevel::kInfo, "signed in", {{"request_id", call.request->id}, {"user_id", user_id}, {"way", way}});
  }
  static void Answer(const Call& call, int status, std::string_view way, const base::Result<AccountSignIn>& sign_in) {
    if (!sign_in.ok()) return call.Fail(sign_in.error());
    NoteSignIn(call, sign_in->access.user.id, way);
    call.Send(status, SignInJson(*sign_in));
  }

  // These tell the client what is wrong where they answer nothing.
  static std::optional<std::string> ReadName(const Call& call, const boost::json::object& body) {
    const auto name = TextField(body, "name", kMaxNameBytes);
    if (!name.is_wrong && IsName(name.value.value_or(""))) return name.value.value_or("");
    call.FailField("name");
    return std::nullopt;
  }
  static std::optional<std::string> ReadEmail(const Call& call, const boost::json::object& body) {
    const auto field = TextField(body, "email", kMaxEmailBytes);
    auto email = field.value ? NormalEmail(*field.value) : std::nullopt;
    if (!email) call.FailField("email");
    return email;
  }
  static std::optional<std::string> ReadPassword(const Call& call, const boost::json::object& body, const char* name) {
    const auto password = TextField(body, name, kMaxPasswordFieldBytes);
    if (password.value && IsPassword(*password.value)) return password.value;
    call.FailField(name);
    return std::nullopt;
  }
  static std::optional<std::string> ReadRefreshToken(const Call& call) {
    const auto body = call.ReadJson();
    if (!body) return std::nullopt;
    const auto token = TextField(*body, "refresh_token", kMaxRefreshTokenBytes);
    if (!token.value) call.FailField("refresh_token");
    return token.value;
  }

  const AuthParts parts_;
};

}  // namespace

void AddAuthRoutes(Router& router, const Guard& guard, const AuthParts& parts) {
  const auto routes = std::make_shared<const AuthRoutes>(parts);
  const auto handler = [&](void (AuthRoutes::*handle)(const Call&) const) -> CallHandler {
    return [routes, handle](const Call& call) { ((*routes).*handle)(call); };
  };
  const auto add_public = [&](const char* path, void (AuthRoutes::*handle)(const Call&) const) {
    router.Add(
        {.method = Method::kPost, .pattern = std::string("/api/v1/auth/") + path, .handler = guard.Public(handler(handle))});
  };
  const auto add_own = [&](Method method, const char* path, void (AuthRoutes::*handle)(const Call&) const) {
    router.Add({.method = method, .pattern = std::string("/api/v1/auth/") + path, .handler = guard.SignedIn(handler(handle))});
  };
  add_public("guest", &AuthRoutes::MakeGuest);
  add_public("register", &AuthRoutes::Register);
  add_public("login", &AuthRoutes::Login);
  add_public("refresh", &AuthRoutes::Refresh);
  add_public("logout", &AuthRoutes::Logout);
  add_own(Method::kPost, "password", &AuthRoutes::ChangePassword);
  add_own(Method::kGet, "me", &AuthRoutes::GetMe);
  add_own(Method::kPatch, "me", &AuthRoutes::ChangeMe);
  add_own(Method::kDelete, "me", &AuthRoutes::EraseMe);
}

}  // namespace speechcoach::api
