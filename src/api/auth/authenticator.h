// Who is asking.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>

#include "api/auth/jwt.h"
#include "api/auth/rate_limiter.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/result.h"
#include "model/people.h"
#include "storage/repositories.h"

namespace speechcoach::api {

struct SignIn {
  std::string token;
  std::int64_t expires_at_ms = 0;  // UTC, since the epoch
  model::User user;
};

// Thread-safe. Every call may block on the database.
class Authenticator {
 public:
  // `users` and `clock` outlive it.
  Authenticator(const base::AuthConfig& config, std::string secret, storage::UserRepository& users, const base::Clock& clock);

  // The user of a token: it must be valid and its user must still exist. kUnauthenticated, kStorageUnavailable.
  base::Result<TokenClaims> Check(std::string_view token);
  // The same from an Authorization field ("Bearer TOKEN").
  base::Result<TokenClaims> CheckHeader(std::string_view authorization);

  // kForbidden where guests are not taken, kRateLimited where this address made very many, kStorageUnavailable.
  base::Result<SignIn> MakeGuest(std::string_view name, std::string_view remote_address);
  base::Result<model::User> GetUser(std::int64_t user_id);  // kUnauthenticated where there is none

 private:
  base::AuthConfig config_;
  TokenSigner signer_;
  storage::UserRepository& users_;
  const base::Clock& clock_;
  RateLimiter guests_by_address_;
  std::mutex mutex_;
  std::unordered_set<std::int64_t> known_users_;  // seen in the database lately; bounded
};

}  // namespace speechcoach::api
