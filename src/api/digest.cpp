#include "api/digest.h"

#include <array>
#include <new>

#include <fmt/format.h>
#include <openssl/evp.h>

namespace speechcoach::api {

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  if (context_ == nullptr) throw std::bad_alloc();
  EVP_DigestInit_ex(context_, EVP_sha256(), nullptr);
}

Sha256::~Sha256() { EVP_MD_CTX_free(context_); }

Sha256& Sha256::Add(std::string_view piece) {
  EVP_DigestUpdate(context_, piece.data(), piece.size());
  return *this;
}

std::string Sha256::Hex() {
  std::array<unsigned char, 32> digest{};
  EVP_DigestFinal_ex(context_, digest.data(), nullptr);
  std::string hex;
  for (const unsigned char byte : digest) hex += fmt::format("{:02x}", byte);
  return hex;
}

}  // namespace speechcoach::api
