#include "api/auth/authenticator.h"

#include <utility>

#include "api/http/text.h"

namespace speechcoach::api {
namespace {

// A school's pupils share one address and come all at once.
constexpr double kGuestBurst = 200;
constexpr double kGuestsPerSecond = 0.3;
constexpr std::size_t kMaxKnownUsers = 100'000;

}  // namespace

Authenticator::Authenticator(const base::AuthConfig& config, std::string secret, storage::UserRepository& users,
                             const base::Clock& clock)
    : config_(config),
      signer_(std::move(secret), config.jwt_issuer),
      users_(users),
      clock_(clock),
      guests_by_address_(clock, kGuestsPerSecond, kGuestBurst) {}

base::Result<TokenClaims> Authenticator::Check(std::string_view token) {
  auto claims = signer_.Verify(token, clock_.NowMs() / 1000);
  if (!claims.ok()) return claims;
  {
    const std::lock_guard lock(mutex_);
    if (known_users_.contains(claims->user_id)) return claims;
  }
  // A token outlives its database where that was put aside: then the user has to come in anew.
  if (const auto user = GetUser(claims->user_id); !user.ok()) return user.error();
  const std::lock_guard lock(mutex_);
  if (known_users_.size() >= kMaxKnownUsers) known_users_.clear();
  known_users_.insert(claims->user_id);
  return claims;
}

base::Result<TokenClaims> Authenticator::CheckHeader(std::string_view authorization) {
  constexpr std::string_view kScheme = "Bearer ";
  if (authorization.size() < kScheme.size() || !EqualIgnoringCase(authorization.substr(0, kScheme.size()), kScheme)) {
    return {base::ErrorCode::kUnauthenticated, "no bearer token"};
  }
  return Check(Trim(authorization.substr(kScheme.size())));
}

base::Result<SignIn> Authenticator::MakeGuest(std::string_view name, std::string_view remote_address) {
  if (!config_.guest) return {base::ErrorCode::kForbidden, "guests are not taken (auth.guest)"};
  if (guests_by_address_.Take(std::string(remote_address)) > 0)
    return {base::ErrorCode::kRateLimited, "too many guests from one address"};
  model::User guest;
  guest.name = name;
  guest.created_at_ms = clock_.NowMs();
  auto created = users_.Create(guest);
  if (!created.ok()) return created.error();
  const std::int64_t now_s = clock_.NowMs() / 1000;
  const TokenClaims claims{created->id, created->role, now_s + config_.token_ttl_s};
  auto token = signer_.Sign(claims, now_s);
  if (!token.ok()) return token.error();
  return SignIn{std::move(*token), claims.expires_at_s * 1000, std::move(*created)};
}

base::Result<model::User> Authenticator::GetUser(std::int64_t user_id) {
  auto user = users_.Get(user_id);
  if (!user.ok() && user.error().code == base::ErrorCode::kNotFound) {
    return {base::ErrorCode::kUnauthenticated, "the token's user is gone"};
  }
  return user;
}

}  // namespace speechcoach::api
