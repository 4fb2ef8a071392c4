#include "api/auth/jwt.h"

#include <string_view>

#include "api/auth/claims.h"
#include "api/auth/jws.h"
#include "api/http/text.h"
#include "json/model_json.h"

namespace speechcoach::api {
namespace {

base::Error Refused(std::string_view why) { return {base::ErrorCode::kUnauthenticated, "token: " + std::string(why)}; }

}  // namespace

base::Result<std::string> TokenSigner::Sign(const TokenClaims& claims, std::int64_t now_s) const {
  return SignHs256({{"iss", issuer_},
                    {"sub", std::to_string(claims.user_id)},
                    {"role", json::Name(claims.role)},
                    {"iat", now_s},
                    {"exp", claims.expires_at_s}},
                   secrets_.front());
}

base::Result<TokenClaims> TokenSigner::Verify(std::string_view token, std::int64_t now_s) const {
  base::Result<boost::json::object> payload = Refused("no secret");
  for (const std::string& secret : secrets_) {
    payload = VerifySignature(token, SignatureAlgorithm::kHs256, secret);
    if (payload.ok()) break;
  }
  if (!payload.ok()) return payload.error();
  if (TextClaim(*payload, "iss") != issuer_) return Refused("another issuer");
  if (const std::string_view fault = FaultOfTimes(*payload, now_s, 0); !fault.empty()) return Refused(fault);
  const auto user_id = ParseNumber(TextClaim(*payload, "sub"));
  if (!user_id || *user_id <= 0) return Refused("no user in it");
  return TokenClaims{*user_id, RoleClaim(*payload).value_or(model::Role::kLearner), *TimeClaim(*payload, "exp")};
}

}  // namespace speechcoach::api
