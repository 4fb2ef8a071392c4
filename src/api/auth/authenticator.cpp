#include "api/auth/authenticator.h"

#include <utility>

#include "api/auth/jws.h"
#include "api/http/text.h"

namespace speechcoach::api {
namespace {

// A school's pupils share one address and come all at once.
constexpr double kGuestBurst = 200;
constexpr double kGuestsPerSecond = 0.3;
constexpr std::size_t kMaxSeenUsers = 100'000;
constexpr std::int64_t kSeenForMs = 30'000;

}  // namespace

Authenticator::Authenticator(const base::AuthConfig& config, std::vector<std::string> secrets, storage::UserRepository& users,
                             storage::AccountRepository& accounts, const base::Clock& clock, redis::TokenBuckets* shared)
    : config_(config),
      signer_(std::move(secrets), config.jwt_issuer),
      users_(users),
      accounts_(accounts),
      clock_(clock),
      guests_by_address_(clock, {"guests", kGuestsPerSecond, kGuestBurst}, shared) {
  if (!config.external_issuer.empty()) external_.emplace(config, clock);
}

base::Result<TokenClaims> Authenticator::Check(std::string_view token) {
  const auto unproven = ReadUnproven(token);
  if (!unproven.ok()) return unproven.error();
  return external_ && unproven->issuer == external_->issuer() ? CheckExternal(token) : CheckOwn(token);
}

base::Result<TokenClaims> Authenticator::CheckOwn(std::string_view token) {
  const std::int64_t now_ms = clock_.NowMs();
  auto claims = signer_.Verify(token, now_ms / 1000);
  if (!claims.ok()) return claims;
  {
    const std::lock_guard lock(mutex_);
    const auto seen = seen_users_.find(claims->user_id);
    if (seen != seen_users_.end() && now_ms - seen->second < kSeenForMs) return claims;
  }
  // A token outlives its database where that was put aside: then the user has to come in anew.
  if (const auto user = GetUser(claims->user_id); !user.ok()) return user.error();
  const std::lock_guard lock(mutex_);
  if (seen_users_.size() >= kMaxSeenUsers) seen_users_.clear();
  seen_users_[claims->user_id] = now_ms;
  return claims;
}

base::Result<TokenClaims> Authenticator::CheckExternal(std::string_view token) {
  const auto claims = external_->Verify(token);
  if (!claims.ok()) return claims.error();
  model::User if_new;
  if_new.name = claims->name;
  if_new.role = claims->role.value_or(model::Role::kLearner);
  if_new.created_at_ms = clock_.NowMs();
  auto user = accounts_.UserOfIdentity(external_->issuer(), claims->subject, if_new);
  if (!user.ok()) return user.error();
  if (claims->role && user->role != *claims->role) {
    user->role = *claims->role;
    if (const base::Status updated = users_.Update(*user); !updated.ok()) return updated.error();
  }
  return TokenClaims{user->id, user->role, claims->expires_at_s};
}

void Authenticator::Forget(std::int64_t user_id) {
  const std::lock_guard lock(mutex_);
  seen_users_.erase(user_id);
}

base::Result<TokenClaims> Authenticator::CheckHeader(std::string_view authorization) {
  constexpr std::string_view kScheme = "Bearer ";
  if (authorization.size() < kScheme.size() || !EqualIgnoringCase(authorization.substr(0, kScheme.size()), kScheme)) {
    return {base::ErrorCode::kUnauthenticated, "no bearer token"};
  }
  return Check(Trim(authorization.substr(kScheme.size())));
}

base::Result<SignIn> Authenticator::MakeGuest(std::string_view name, std::string_view remote_address, bool is_child) {
  if (!config_.guest) return {base::ErrorCode::kForbidden, "guests are not taken (auth.guest)"};
  if (guests_by_address_.Take(std::string(remote_address)) > 0)
    return {base::ErrorCode::kRateLimited, "too many guests from one address"};
  model::User guest;
  guest.name = name;
  guest.created_at_ms = clock_.NowMs();
  auto created = is_child ? users_.CreateChild(guest) : users_.Create(guest);
  if (!created.ok()) return created.error();
  return Issue(std::move(*created), config_.token_ttl_s);
}

base::Result<SignIn> Authenticator::Issue(model::User user, int ttl_s) const {
  const std::int64_t now_s = clock_.NowMs() / 1000;
  const TokenClaims claims{user.id, user.role, now_s + ttl_s};
  auto token = signer_.Sign(claims, now_s);
  if (!token.ok()) return token.error();
  return SignIn{std::move(*token), claims.expires_at_s * 1000, std::move(user)};
}

base::Result<model::User> Authenticator::GetUser(std::int64_t user_id) {
  auto user = users_.Get(user_id);
  if (!user.ok() && user.error().code == base::ErrorCode::kNotFound) {
    return {base::ErrorCode::kUnauthenticated, "the token's user is gone"};
  }
  return user;
}

}  // namespace speechcoach::api
