#include "api/auth/external_tokens.h"

#include <algorithm>

#include "api/auth/claims.h"
#include "api/auth/jws.h"

namespace speechcoach::api {
namespace {

constexpr std::size_t kMaxSubjectBytes = 255;
constexpr std::size_t kMaxNameBytes = 200;

base::Error Refused(std::string_view why) { return {base::ErrorCode::kUnauthenticated, "token: " + std::string(why)}; }

// `aud` is one text or a list of them (RFC 7519, 4.1.3).
bool IsFor(const boost::json::object& claims, const std::string& audience) {
  const boost::json::value* value = claims.if_contains("aud");
  if (value == nullptr) return false;
  if (value->is_string()) return value->get_string() == audience;
  return value->is_array() && std::ranges::any_of(value->get_array(), [&](const boost::json::value& entry) {
           return entry.is_string() && entry.get_string() == audience;
         });
}

}  // namespace

ExternalTokens::ExternalTokens(const base::AuthConfig& config, const base::Clock& clock)
    : config_(config), clock_(clock), keys_(config.external_jwks, clock) {}

base::Result<boost::json::object> ExternalTokens::VerifiedClaims(std::string_view token) {
  if (!config_.external_secret.empty()) return VerifySignature(token, SignatureAlgorithm::kHs256, config_.external_secret);
  const auto unproven = ReadUnproven(token);
  if (!unproven.ok()) return unproven.error();
  for (const SignatureAlgorithm algorithm : {SignatureAlgorithm::kRs256, SignatureAlgorithm::kEs256}) {
    if (unproven->algorithm != Name(algorithm)) continue;
    const auto key = keys_.Find(unproven->key_id, algorithm);
    if (!key.ok()) return key.error();
    return VerifySignature(token, algorithm, key->pem);
  }
  return Refused("another algorithm");
}

base::Result<ExternalClaims> ExternalTokens::Verify(std::string_view token) {
  const auto claims = VerifiedClaims(token);
  if (!claims.ok()) return claims.error();
  if (TextClaim(*claims, "iss") != config_.external_issuer) return Refused("another issuer");
  if (!IsFor(*claims, config_.external_audience)) return Refused("another audience");
  if (const auto fault = FaultOfTimes(*claims, clock_.NowMs() / 1000, config_.clock_skew_s); !fault.empty())
    return Refused(fault);
  ExternalClaims read{TextClaim(*claims, "sub"), TextClaim(*claims, "name"), RoleClaim(*claims), *TimeClaim(*claims, "exp")};
  if (read.subject.empty() || read.subject.size() > kMaxSubjectBytes) return Refused("no user in it");
  if (read.name.size() > kMaxNameBytes) read.name.clear();
  return read;
}

}  // namespace speechcoach::api
