#pragma once

#include <string>
#include <string_view>

#include <openssl/types.h>

namespace speechcoach::api {

// Of a text that comes in pieces; where they are cut makes no difference.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  Sha256& Add(std::string_view piece);
  std::string Hex();  // 64 lower-case digits; once

 private:
  EVP_MD_CTX* context_;
};

inline std::string Sha256Hex(std::string_view text) { return Sha256().Add(text).Hex(); }

}  // namespace speechcoach::api
