// The tokens this service gives out (RFC 7519): HS256 alone, by one of its own secrets.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/people.h"

namespace speechcoach::api {

struct TokenClaims {
  std::int64_t user_id = 0;  // sub
  model::Role role = model::Role::kLearner;
  std::int64_t expires_at_s = 0;  // exp, UTC, since the epoch
};

// Thread-safe.
class TokenSigner {
 public:
  // At least one secret: the first signs, all verify, so that one can be put in front of another while tokens are about.
  TokenSigner(std::vector<std::string> secrets, std::string issuer) : secrets_(std::move(secrets)), issuer_(std::move(issuer)) {}

  base::Result<std::string> Sign(const TokenClaims& claims, std::int64_t now_s) const;  // kInternal
  // kUnauthenticated: malformed, another algorithm, another secret or issuer, expired, not yet valid, or no user in it.
  base::Result<TokenClaims> Verify(std::string_view token, std::int64_t now_s) const;

 private:
  std::vector<std::string> secrets_;
  std::string issuer_;
};

}  // namespace speechcoach::api
