#include "api/auth/password.h"

#include <array>

#include <argon2.h>
#include <openssl/rand.h>

namespace speechcoach::api {
namespace {

constexpr std::uint32_t kPasses = 2;
constexpr std::uint32_t kMemoryKib = 19'456;
constexpr std::uint32_t kLanes = 1;
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHashBytes = 32;

}  // namespace

base::Result<std::string> HashPassword(std::string_view password) {
  std::array<unsigned char, kSaltBytes> salt{};
  if (RAND_bytes(salt.data(), static_cast<int>(salt.size())) != 1)
    return {base::ErrorCode::kInternal, "no randomness for a salt"};
  std::string encoded(argon2_encodedlen(kPasses, kMemoryKib, kLanes, kSaltBytes, kHashBytes, Argon2_id), '\0');
  const int fault = argon2id_hash_encoded(kPasses, kMemoryKib, kLanes, password.data(), password.size(), salt.data(), salt.size(),
                                          kHashBytes, encoded.data(), encoded.size());
  if (fault != ARGON2_OK) return {base::ErrorCode::kInternal, argon2_error_message(fault)};
  encoded.resize(encoded.find('\0'));
  return encoded;
}

bool IsPassword(std::string_view password, const std::string& hash) {
  // Of nothing that anybody can type: what is compared with it costs the same and fails.
  static const std::string nobodys = HashPassword(std::string_view("\xff\xfe\xfd", 3)).value();
  const bool is_one = hash.starts_with("$argon2id$");
  const bool fits = argon2id_verify((is_one ? hash : nobodys).c_str(), password.data(), password.size()) == ARGON2_OK;
  return is_one && fits;
}

}  // namespace speechcoach::api
