// Tokens of an outside issuer: a school's own sign-in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "api/auth/jwks.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/result.h"
#include "model/people.h"

namespace speechcoach::api {

struct ExternalClaims {
  std::string subject;  // 1..255 bytes
  std::string name;
  std::optional<model::Role> role;
  std::int64_t expires_at_s = 0;
};

// Thread-safe.
class ExternalTokens {
 public:
  // `clock` outlives the object.
  ExternalTokens(const base::AuthConfig& config, const base::Clock& clock);

  const std::string& issuer() const { return config_.external_issuer; }

  // Signature by the issuer's key, issuer, audience, times. kUnauthenticated. May block while keys are fetched.
  base::Result<ExternalClaims> Verify(std::string_view token);

 private:
  base::Result<boost::json::object> VerifiedClaims(std::string_view token);

  const base::AuthConfig config_;
  const base::Clock& clock_;
  JwksKeys keys_;
};

}  // namespace speechcoach::api
