// Passwords: argon2id (RFC 9106) in the usual text form, with the cost that OWASP names for it (19 MiB, 2 passes, 1 lane).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace speechcoach::api {

inline constexpr std::size_t kMinPasswordBytes = 8;
inline constexpr std::size_t kMaxPasswordBytes = 256;

// "$argon2id$v=19$m=19456,t=2,p=1$...". About 30 ms of one core. kInternal: out of memory.
base::Result<std::string> HashPassword(std::string_view password);

// Takes as long whether `hash` is one or not, so that nobody learns which accounts there are: an empty one is never right.
bool IsPassword(std::string_view password, const std::string& hash);

}  // namespace speechcoach::api
