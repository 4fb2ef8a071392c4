// Fernet tokens (github.com/fernet/spec, version 0x80): AES-128-CBC with PKCS #7, authenticated by HMAC-SHA256, as Python's
// `cryptography` reads and writes them; several keys with the meaning of its MultiFernet.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace speechcoach::llm {

// Immutable, thread-safe. Messages of its errors never hold a key or a text.
class Fernet {
 public:
  // `keys`: 32 bytes each in URL-safe base64 with padding, separated by commas; the first encrypts, all decrypt.
  // kBadConfig where one is something else, or there is none.
  static base::Result<Fernet> FromKeys(std::string_view keys);

  // 44 characters, from the system's random generator.
  static std::string NewKey();

  // `now_s`: seconds since the epoch, part of the token.
  std::string Encrypt(std::string_view text, std::int64_t now_s) const;

  // The text of a token. With `ttl_s` a token made before now_s - ttl_s, or more than a minute after now_s, is refused.
  // kForbidden: no key fits, the token was changed or is too old.
  base::Result<std::string> Decrypt(std::string_view token) const;
  base::Result<std::string> Decrypt(std::string_view token, std::int64_t ttl_s, std::int64_t now_s) const;

  // The same text and time under the first key. kForbidden as Decrypt.
  base::Result<std::string> Rotate(std::string_view token) const;

 private:
  struct Key {
    std::string signing;     // 16 bytes
    std::string encryption;  // 16 bytes
  };
  struct Opened {
    std::string text;
    std::int64_t made_at_s = 0;
  };
  explicit Fernet(std::vector<Key> keys) : keys_(std::move(keys)) {}
  base::Result<Opened> Open(std::string_view token) const;
  static std::optional<std::string> OpenWith(const Key& key, std::string_view signed_part, std::string_view mac);

  std::vector<Key> keys_;
};

}  // namespace speechcoach::llm
