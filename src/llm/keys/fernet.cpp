#include "llm/keys/fernet.h"

#include <memory>
#include <stdexcept>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <fmt/format.h>

namespace speechcoach::llm {
namespace {

constexpr char kVersion = static_cast<char>(0x80);
constexpr std::size_t kHalfKeyBytes = 16;
constexpr std::size_t kTimeBytes = 8;
constexpr std::size_t kBlockBytes = 16;
constexpr std::size_t kMacBytes = 32;
constexpr std::size_t kHeaderBytes = 1 + kTimeBytes + kBlockBytes;
constexpr std::int64_t kMaxClockSkewS = 60;

const unsigned char* Bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* Bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

std::string ToUrlBase64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  text.resize(static_cast<std::size_t>(EVP_EncodeBlock(Bytes(text), Bytes(bytes), static_cast<int>(bytes.size()))));
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text;
}

// Strict: padded, no other characters. nullopt otherwise.
std::optional<std::string> FromUrlBase64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return std::nullopt;
  std::string standard(text);
  for (char& c : standard) {
    if (c == '+' || c == '/') return std::nullopt;
    c = c == '-' ? '+' : c == '_' ? '/' : c;
  }
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  std::string bytes(text.size() / 4 * 3, '\0');
  if (EVP_DecodeBlock(Bytes(bytes), Bytes(standard), static_cast<int>(standard.size())) < 0) return std::nullopt;
  bytes.resize(bytes.size() - padding);
  // Bits beyond the last byte must be zero: one text, one token.
  if (ToUrlBase64(bytes) != text) return std::nullopt;
  return bytes;
}

std::string RandomBytes(std::size_t count) {
  std::string bytes(count, '\0');
  if (RAND_bytes(Bytes(bytes), static_cast<int>(count)) != 1) throw std::runtime_error("no randomness from OpenSSL");
  return bytes;
}

std::string Mac(std::string_view key, std::string_view text) {
  std::string mac(kMacBytes, '\0');
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), Bytes(text), text.size(), Bytes(mac), nullptr);
  return mac;
}

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

// nullopt: the padding is wrong.
std::optional<std::string> Crypt(bool encrypt, std::string_view key, std::string_view iv, std::string_view text) {
  const CipherContext context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  std::string out(text.size() + kBlockBytes, '\0');
  int length = 0;
  int tail = 0;
  if (!context || EVP_CipherInit_ex(context.get(), EVP_aes_128_cbc(), nullptr, Bytes(key), Bytes(iv), encrypt ? 1 : 0) != 1 ||
      EVP_CipherUpdate(context.get(), Bytes(out), &length, Bytes(text), static_cast<int>(text.size())) != 1 ||
      EVP_CipherFinal_ex(context.get(), Bytes(out) + length, &tail) != 1) {
    return std::nullopt;
  }
  out.resize(static_cast<std::size_t>(length + tail));
  return out;
}

std::string BigEndian(std::int64_t value) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>((static_cast<std::uint64_t>(value) >> shift) & 0xFF);
  return bytes;
}

std::int64_t FromBigEndian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return static_cast<std::int64_t>(value);
}

base::Error Refusal() { return {base::ErrorCode::kForbidden, "the token is not valid under any key"}; }

}  // namespace

base::Result<Fernet> Fernet::FromKeys(std::string_view keys) {
  std::vector<Key> parsed;
  for (;;) {
    const std::size_t comma = keys.find(',');
    std::string_view one = keys.substr(0, comma);
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    const auto bytes = FromUrlBase64(one);
    if (!bytes || bytes->size() != 2 * kHalfKeyBytes) {
      return {base::ErrorCode::kBadConfig, fmt::format("Fernet key {} is not 32 bytes in URL-safe base64", parsed.size() + 1)};
    }
    parsed.push_back({bytes->substr(0, kHalfKeyBytes), bytes->substr(kHalfKeyBytes)});
    if (comma == std::string_view::npos) return Fernet(std::move(parsed));
    keys.remove_prefix(comma + 1);
  }
}

std::string Fernet::NewKey() { return ToUrlBase64(RandomBytes(2 * kHalfKeyBytes)); }

std::string Fernet::Encrypt(std::string_view text, std::int64_t now_s) const {
  const Key& key = keys_.front();
  const std::string iv = RandomBytes(kBlockBytes);
  const auto cipher_text = Crypt(true, key.encryption, iv, text);
  if (!cipher_text) throw std::runtime_error("OpenSSL cannot encrypt");
  std::string token = kVersion + BigEndian(now_s) + iv + *cipher_text;
  token += Mac(key.signing, token);
  return ToUrlBase64(token);
}

std::optional<std::string> Fernet::OpenWith(const Key& key, std::string_view signed_part, std::string_view mac) {
  const std::string wanted = Mac(key.signing, signed_part);
  if (CRYPTO_memcmp(wanted.data(), mac.data(), kMacBytes) != 0) return std::nullopt;
  return Crypt(false, key.encryption, signed_part.substr(1 + kTimeBytes, kBlockBytes), signed_part.substr(kHeaderBytes));
}

base::Result<Fernet::Opened> Fernet::Open(std::string_view token) const {
  const auto bytes = FromUrlBase64(token);
  if (!bytes || bytes->size() < kHeaderBytes + kBlockBytes + kMacBytes || bytes->front() != kVersion) return Refusal();
  const std::string_view all = *bytes;
  const std::string_view signed_part = all.substr(0, all.size() - kMacBytes);
  for (const Key& key : keys_) {
    if (auto text = OpenWith(key, signed_part, all.substr(signed_part.size()))) {
      return Opened{std::move(*text), FromBigEndian(signed_part.substr(1, kTimeBytes))};
    }
  }
  return Refusal();
}

base::Result<std::string> Fernet::Decrypt(std::string_view token) const {
  auto opened = Open(token);
  if (!opened.ok()) return opened.error();
  return std::move(opened->text);
}

base::Result<std::string> Fernet::Decrypt(std::string_view token, std::int64_t ttl_s, std::int64_t now_s) const {
  auto opened = Open(token);
  if (!opened.ok()) return opened.error();
  if (opened->made_at_s < now_s - ttl_s || opened->made_at_s > now_s + kMaxClockSkewS) return Refusal();
  return std::move(opened->text);
}

base::Result<std::string> Fernet::Rotate(std::string_view token) const {
  const auto opened = Open(token);
  if (!opened.ok()) return opened.error();
  return Encrypt(opened->text, opened->made_at_s);
}

}  // namespace speechcoach::llm
