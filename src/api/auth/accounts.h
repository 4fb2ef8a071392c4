// Accounts with an e-mail address and a password, and the refresh tokens that keep them signed in.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/auth/authenticator.h"
#include "api/auth/rate_limiter.h"

namespace speechcoach::api {

struct AccountSignIn {
  SignIn access;
  std::string refresh_token;
  std::int64_t refresh_expires_at_ms = 0;
};

// The address in the form in which it is kept and looked for, or nothing where it is none: one @, no spaces, at most 254 bytes.
std::optional<std::string> NormalEmail(std::string_view email);

// Thread-safe. Every call blocks: on the database, and for the time that a password takes.
class Accounts {
 public:
  // What is given outlives it; `shared`: see RateLimiter.
  Accounts(const base::AuthConfig& config, Authenticator& authenticator, storage::UserRepository& users,
           storage::AccountRepository& accounts, const base::Clock& clock, redis::TokenBuckets* shared = nullptr);

  struct Registration {
    std::string email;  // as NormalEmail gives it
    std::string password;
    std::string name;
    std::int64_t guest_id = 0;  // this guest becomes the account, with all sessions; 0: a new user
    bool is_child = false;      // a new user who practises once a guardian lets them
  };
  // kForbidden where accounts are not made this way, kEmailTaken, kConflict where the user is no guest, kRateLimited.
  base::Result<AccountSignIn> Register(const Registration& registration, const std::string& remote_address);
  // kWrongCredentials, kRateLimited.
  base::Result<AccountSignIn> Login(const std::string& email, std::string_view password, const std::string& remote_address);
  // Each refresh token is good for one use. kUnauthenticated.
  base::Result<AccountSignIn> Refresh(std::string_view refresh_token);
  base::Status Logout(std::string_view refresh_token);
  // Signs out everywhere else. kWrongCredentials, kRateLimited.
  base::Result<AccountSignIn> ChangePassword(std::int64_t user_id, std::string_view old_password, std::string_view new_password);

 private:
  base::Result<AccountSignIn> SignInAs(model::User user);
  struct NewToken {
    std::string text;
    storage::RefreshToken row;
  };
  NewToken MakeToken(std::int64_t user_id) const;
  base::Status Allow(const std::string& who, const std::string& remote_address);

  const base::AuthConfig config_;
  Authenticator& authenticator_;
  storage::UserRepository& users_;
  storage::AccountRepository& accounts_;
  const base::Clock& clock_;
  RateLimiter tries_by_account_;
  RateLimiter tries_by_address_;
};

}  // namespace speechcoach::api
