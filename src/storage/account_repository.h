// What belongs to a user besides the row in `users`: refresh tokens, identities at outside issuers, settings. Every call
// blocks and is thread-safe. Errors everywhere: kStorageUnavailable.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/people.h"

namespace speechcoach::storage {

// Who somebody is to an outside issuer of tokens.
struct ExternalIdentity {
  std::string issuer;
  std::string subject;
};

struct RefreshToken {
  std::string hash;  // SHA-256, hexadecimal
  std::int64_t user_id = 0;
  std::string family;
  std::int64_t created_at_ms = 0;
  std::int64_t expires_at_ms = 0;
};

class AccountRepository {
 public:
  virtual ~AccountRepository() = default;

  virtual base::Status AddRefreshToken(const RefreshToken& token) = 0;  // kConflict: no such user
  // Marks the token with `old_hash` as used and puts `next` in its place (its user and family are filled in), in one step; answers
  // the user. kUnauthenticated where it is unknown, over, revoked, or was used before: then its whole family is revoked.
  virtual base::Result<std::int64_t> RotateRefreshToken(std::string_view old_hash, const RefreshToken& next) = 0;
  virtual base::Status RevokeFamilyOf(std::string_view hash, std::int64_t now_ms) = 0;  // nothing there is no error
  virtual base::Status RevokeAllOf(std::int64_t user_id, std::int64_t now_ms) = 0;
  virtual base::Status DropExpiredTokens(std::int64_t now_ms) = 0;

  // The user who is `subject` to `issuer`; made from `if_new` at the first sight.
  virtual base::Result<model::User> UserOfIdentity(std::string_view issuer, std::string_view subject,
                                                   const model::User& if_new) = 0;
  virtual base::Result<std::vector<ExternalIdentity>> IdentitiesOf(std::int64_t user_id) = 0;

  virtual base::Result<model::LearnerSettings> Settings(std::int64_t user_id) = 0;  // the defaults where none are kept
  virtual base::Status PutSettings(std::int64_t user_id, const model::LearnerSettings& settings) = 0;  // kConflict: no such user
};

}  // namespace speechcoach::storage
