// Who is asking.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "api/auth/external_tokens.h"
#include "api/auth/jwt.h"
#include "api/auth/rate_limiter.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/result.h"
#include "model/people.h"
#include "storage/account_repository.h"
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
  // At least one secret: see TokenSigner. `users`, `accounts`, `clock` and `shared` (see RateLimiter) outlive it.
  Authenticator(const base::AuthConfig& config, std::vector<std::string> secrets, storage::UserRepository& users,
                storage::AccountRepository& accounts, const base::Clock& clock, redis::TokenBuckets* shared = nullptr);

  // The user of a token of ours or of the outside issuer: it must be valid, and a user of ours must still exist (one deleted by
  // another process is noticed within half a minute). kUnauthenticated, kStorageUnavailable.
  base::Result<TokenClaims> Check(std::string_view token);
  // The same from an Authorization field ("Bearer TOKEN").
  base::Result<TokenClaims> CheckHeader(std::string_view authorization);

  // kForbidden where guests are not taken, kRateLimited where this address made very many, kStorageUnavailable.
  base::Result<SignIn> MakeGuest(std::string_view name, std::string_view remote_address, bool is_child = false);
  // A token of ours for that user.
  base::Result<SignIn> Issue(model::User user, int ttl_s) const;
  base::Result<model::User> GetUser(std::int64_t user_id);  // kUnauthenticated where there is none
  // The user is gone: tokens are refused from now on.
  void Forget(std::int64_t user_id);

 private:
  base::Result<TokenClaims> CheckOwn(std::string_view token);
  base::Result<TokenClaims> CheckExternal(std::string_view token);

  base::AuthConfig config_;
  TokenSigner signer_;
  std::optional<ExternalTokens> external_;
  storage::UserRepository& users_;
  storage::AccountRepository& accounts_;
  const base::Clock& clock_;
  RateLimiter guests_by_address_;
  std::mutex mutex_;
  std::unordered_map<std::int64_t, std::int64_t> seen_users_;  // id -> when it was last seen in the database; bounded
};

}  // namespace speechcoach::api
