#include "api/auth/accounts.h"

#include <algorithm>
#include <utility>

#include "api/auth/password.h"
#include "api/digest.h"
#include "api/http/text.h"
#include "base/id.h"

namespace speechcoach::api {
namespace {

constexpr std::size_t kMaxEmailBytes = 254;
constexpr std::size_t kRefreshBytes = 32;
// A forgetful person, and a school behind one address.
constexpr double kAccountBurst = 10;
constexpr double kAccountTriesPerSecond = 1.0 / 30;
constexpr double kAddressBurst = 200;
constexpr double kAddressTriesPerSecond = 1.0;

}  // namespace

std::optional<std::string> NormalEmail(std::string_view email) {
  std::string normal(Trim(email));
  std::ranges::transform(normal, normal.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  const std::size_t at = normal.find('@');
  const bool has_odd = std::ranges::any_of(normal, [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f; });
  const bool is_one =
      at != std::string::npos && at > 0 && at + 1 < normal.size() && normal.find('@', at + 1) == std::string::npos;
  if (!is_one || has_odd || normal.size() > kMaxEmailBytes) return std::nullopt;
  return normal;
}

Accounts::Accounts(const base::AuthConfig& config, Authenticator& authenticator, storage::UserRepository& users,
                   storage::AccountRepository& accounts, const base::Clock& clock, redis::TokenBuckets* shared)
    : config_(config),
      authenticator_(authenticator),
      users_(users),
      accounts_(accounts),
      clock_(clock),
      tries_by_account_(clock, {"sign_ins_of_account", kAccountTriesPerSecond, kAccountBurst}, shared),
      tries_by_address_(clock, {"sign_ins_from_address", kAddressTriesPerSecond, kAddressBurst}, shared) {}

base::Status Accounts::Allow(const std::string& who, const std::string& remote_address) {
  if (tries_by_address_.Take(remote_address) > 0 || tries_by_account_.Take(who) > 0) {
    return {base::ErrorCode::kRateLimited, "too many tries to sign in"};
  }
  return {};
}

Accounts::NewToken Accounts::MakeToken(std::int64_t user_id) const {
  NewToken made;
  made.text = base::RandomHex(kRefreshBytes);
  const std::int64_t now_ms = clock_.NowMs();
  made.row = {Sha256Hex(made.text), user_id, base::NewUuid(), now_ms, now_ms + config_.refresh_token_ttl_s * std::int64_t{1000}};
  return made;
}

base::Result<AccountSignIn> Accounts::SignInAs(model::User user) {
  const NewToken refresh = MakeToken(user.id);
  if (const base::Status added = accounts_.AddRefreshToken(refresh.row); !added.ok()) return added.error();
  auto access = authenticator_.Issue(std::move(user), config_.access_token_ttl_s);
  if (!access.ok()) return access.error();
  return AccountSignIn{std::move(*access), refresh.text, refresh.row.expires_at_ms};
}

base::Result<AccountSignIn> Accounts::Register(const Registration& registration, const std::string& remote_address) {
  if (!config_.registration) return {base::ErrorCode::kForbidden, "accounts are not made this way (auth.registration)"};
  if (const base::Status allowed = Allow(registration.email, remote_address); !allowed.ok()) return allowed.error();
  model::User user;
  user.created_at_ms = clock_.NowMs();
  if (registration.guest_id != 0) {
    auto guest = authenticator_.GetUser(registration.guest_id);
    if (!guest.ok()) return guest.error();
    if (!guest->email.empty()) return {base::ErrorCode::kConflict, "has an account already"};
    user = std::move(*guest);
  }
  auto hash = HashPassword(registration.password);
  if (!hash.ok()) return hash.error();
  user.email = registration.email;
  user.password_hash = std::move(*hash);
  if (!registration.name.empty()) user.name = registration.name;
  base::Status written;
  if (user.id != 0) {
    written = users_.Update(user);
  } else if (auto created = registration.is_child ? users_.CreateChild(user) : users_.Create(user); created.ok()) {
    user = std::move(*created);
  } else {
    written = created.error();
  }
  if (!written.ok() && written.error().code == base::ErrorCode::kConflict) return {base::ErrorCode::kEmailTaken, "e-mail taken"};
  if (!written.ok()) return written.error();
  return SignInAs(std::move(user));
}

base::Result<AccountSignIn> Accounts::Login(const std::string& email, std::string_view password,
                                            const std::string& remote_address) {
  if (const base::Status allowed = Allow(email, remote_address); !allowed.ok()) return allowed.error();
  auto user = users_.FindByEmail(email);
  if (!user.ok() && user.error().code != base::ErrorCode::kNotFound) return user.error();
  const bool is_right = IsPassword(password, user.ok() ? user->password_hash : std::string());
  if (!is_right) return {base::ErrorCode::kWrongCredentials, "wrong e-mail or password"};
  return SignInAs(std::move(*user));
}

base::Result<AccountSignIn> Accounts::Refresh(std::string_view refresh_token) {
  NewToken next = MakeToken(0);
  const auto user_id = accounts_.RotateRefreshToken(Sha256Hex(refresh_token), next.row);
  if (!user_id.ok()) return user_id.error();
  auto user = authenticator_.GetUser(*user_id);
  if (!user.ok()) return user.error();
  auto access = authenticator_.Issue(std::move(*user), config_.access_token_ttl_s);
  if (!access.ok()) return access.error();
  return AccountSignIn{std::move(*access), next.text, next.row.expires_at_ms};
}

base::Status Accounts::Logout(std::string_view refresh_token) {
  return accounts_.RevokeFamilyOf(Sha256Hex(refresh_token), clock_.NowMs());
}

base::Result<AccountSignIn> Accounts::ChangePassword(std::int64_t user_id, std::string_view old_password,
                                                     std::string_view new_password) {
  if (tries_by_account_.Take(std::to_string(user_id)) > 0) return {base::ErrorCode::kRateLimited, "too many tries"};
  auto user = authenticator_.GetUser(user_id);
  if (!user.ok()) return user.error();
  if (!IsPassword(old_password, user->password_hash)) return {base::ErrorCode::kWrongCredentials, "wrong password"};
  auto hash = HashPassword(new_password);
  if (!hash.ok()) return hash.error();
  user->password_hash = std::move(*hash);
  if (const base::Status updated = users_.Update(*user); !updated.ok()) return updated.error();
  if (const base::Status revoked = accounts_.RevokeAllOf(user_id, clock_.NowMs()); !revoked.ok()) return revoked.error();
  return SignInAs(std::move(*user));
}

}  // namespace speechcoach::api
