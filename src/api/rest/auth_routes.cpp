#include "api/rest/auth_routes.h"

#include <algorithm>

#include "api/fields.h"
#include "api/rest/rest_context.h"
#include "base/clock.h"
#include "json/model_json.h"

namespace speechcoach::api {
namespace {

constexpr std::size_t kMaxNameBytes = 320;
constexpr int kMaxNameCharacters = 80;

// Characters of a UTF-8 text; -1 where one is a control character, which no name has.
int CountCharacters(std::string_view text) {
  int count = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) return -1;
    if ((byte & 0xc0) != 0x80) ++count;
  }
  return count;
}

boost::json::object UserJson(const model::User& user) {
  return {{"id", user.id}, {"name", user.name}, {"role", json::Name(user.role)}};
}

void MakeGuest(Authenticator& authenticator, const Call& call) {
  const auto body = call.ReadJson();
  if (!body) return;
  const auto name = TextField(*body, "name", kMaxNameBytes);
  const int characters = CountCharacters(name.value.value_or(""));
  if (name.is_wrong || characters < 0 || characters > kMaxNameCharacters) return call.FailField("name");
  const auto guest = authenticator.MakeGuest(name.value.value_or(""), call.request->remote_address);
  if (!guest.ok()) return call.Fail(guest.error());
  call.Send(
      201, {{"token", guest->token}, {"expires_at", base::FormatRfc3339(guest->expires_at_ms)}, {"user", UserJson(guest->user)}});
}

}  // namespace

void AddAuthRoutes(Router& router, Authenticator& authenticator, model::Locale fallback) {
  router.Add({.method = Method::kPost,
              .pattern = "/api/v1/auth/guest",
              .handler = Public(fallback, [&authenticator](const Call& call) { MakeGuest(authenticator, call); })});
  router.Add({.method = Method::kGet,
              .pattern = "/api/v1/auth/me",
              .handler = SignedIn(authenticator, fallback, [&authenticator](const Call& call) {
                const auto user = authenticator.GetUser(call.user_id);
                if (!user.ok()) return call.Fail(user.error());
                call.Send(200, UserJson(*user));
              })});
}

}  // namespace speechcoach::api
