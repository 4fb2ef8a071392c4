// JSON Web Tokens (RFC 7519), HS256 alone: a token that names any other algorithm, "none" included, is refused before its
// signature is looked at (RFC 8725, 3.1).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

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
  TokenSigner(std::string secret, std::string issuer) : secret_(std::move(secret)), issuer_(std::move(issuer)) {}

  base::Result<std::string> Sign(const TokenClaims& claims, std::int64_t now_s) const;  // kInternal
  // kUnauthenticated: malformed, another algorithm, another secret or issuer, expired, not yet valid, or no user in it.
  base::Result<TokenClaims> Verify(std::string_view token, std::int64_t now_s) const;

 private:
  std::string secret_;
  std::string issuer_;
};

}  // namespace speechcoach::api
