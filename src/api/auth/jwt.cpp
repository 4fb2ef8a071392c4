#include "api/auth/jwt.h"

#include <cstdlib>
#include <memory>

#include <jwt.h>
#include <boost/json.hpp>

#include "api/base64.h"
#include "api/http/text.h"
#include "json/model_json.h"

namespace speechcoach::api {
namespace {

constexpr std::size_t kMaxTokenBytes = 4096;

struct FreeJwt {
  void operator()(jwt_t* jwt) const { jwt_free(jwt); }
};
using JwtPtr = std::unique_ptr<jwt_t, FreeJwt>;

struct FreeText {
  void operator()(char* text) const { std::free(text); }
};

const unsigned char* Bytes(const std::string& text) { return reinterpret_cast<const unsigned char*>(text.data()); }

base::Error Refused(std::string why) { return {base::ErrorCode::kUnauthenticated, "token: " + std::move(why)}; }

// The library takes the algorithm from the token; which one that may be is decided here.
bool NamesHs256(std::string_view token) {
  const auto header = DecodeBase64Url(token.substr(0, token.find('.')));
  if (!header) return false;
  boost::system::error_code fault;
  const auto json = boost::json::parse({reinterpret_cast<const char*>(header->data()), header->size()}, fault);
  if (fault || !json.is_object()) return false;
  const boost::json::value* algorithm = json.get_object().if_contains("alg");
  return algorithm != nullptr && algorithm->is_string() && algorithm->get_string() == "HS256";
}

std::string_view Grant(jwt_t* jwt, const char* name) {
  const char* value = jwt_get_grant(jwt, name);
  return value != nullptr ? value : std::string_view();
}

}  // namespace

base::Result<std::string> TokenSigner::Sign(const TokenClaims& claims, std::int64_t now_s) const {
  jwt_t* made = nullptr;
  if (jwt_new(&made) != 0) return {base::ErrorCode::kInternal, "token: out of memory"};
  const JwtPtr jwt(made);
  const bool is_filled = jwt_set_alg(made, JWT_ALG_HS256, Bytes(secret_), static_cast<int>(secret_.size())) == 0 &&
                         jwt_add_grant(made, "iss", issuer_.c_str()) == 0 &&
                         jwt_add_grant(made, "sub", std::to_string(claims.user_id).c_str()) == 0 &&
                         jwt_add_grant(made, "role", std::string(json::Name(claims.role)).c_str()) == 0 &&
                         jwt_add_grant_int(made, "iat", now_s) == 0 && jwt_add_grant_int(made, "exp", claims.expires_at_s) == 0;
  const std::unique_ptr<char, FreeText> text(is_filled ? jwt_encode_str(made) : nullptr);
  if (!text) return {base::ErrorCode::kInternal, "token: could not be signed"};
  return std::string(text.get());
}

base::Result<TokenClaims> TokenSigner::Verify(std::string_view token, std::int64_t now_s) const {
  if (token.size() > kMaxTokenBytes || token.find('\0') != std::string_view::npos) return Refused("too long or unreadable");
  if (!NamesHs256(token)) return Refused("not HS256");
  jwt_t* decoded = nullptr;
  if (jwt_decode(&decoded, std::string(token).c_str(), Bytes(secret_), static_cast<int>(secret_.size())) != 0) {
    return Refused("signature or form is wrong");
  }
  const JwtPtr jwt(decoded);
  if (jwt_get_alg(decoded) != JWT_ALG_HS256) return Refused("not HS256");
  if (Grant(decoded, "iss") != issuer_) return Refused("another issuer");
  TokenClaims claims;
  claims.expires_at_s = jwt_get_grant_int(decoded, "exp");  // 0 where it is missing, which is long past
  if (claims.expires_at_s <= now_s) return Refused("expired");
  if (jwt_get_grant_int(decoded, "nbf") > now_s) return Refused("not valid yet");
  const auto user_id = ParseNumber(Grant(decoded, "sub"));
  if (!user_id || *user_id <= 0) return Refused("no user in it");
  claims.user_id = *user_id;
  const std::string_view role = Grant(decoded, "role");
  for (const model::Role known : {model::Role::kTeacher, model::Role::kAdmin}) {
    if (role == json::Name(known)) claims.role = known;
  }
  return claims;
}

}  // namespace speechcoach::api
