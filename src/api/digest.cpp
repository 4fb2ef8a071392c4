#include "api/digest.h"

#include <array>

#include <fmt/format.h>
#include <openssl/evp.h>

namespace speechcoach::api {

std::string Sha256Hex(std::string_view text) {
  std::array<unsigned char, 32> digest{};
  EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  std::string hex;
  for (const unsigned char byte : digest) hex += fmt::format("{:02x}", byte);
  return hex;
}

}  // namespace speechcoach::api
