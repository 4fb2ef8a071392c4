#include "api/auth/jwks.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>

#include <curl/curl.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include "api/auth/claims.h"
#include "api/base64.h"
#include "base/log.h"

namespace speechcoach::api {
namespace {

namespace bj = boost::json;

constexpr std::int64_t kMaxAgeMs = 600'000;
constexpr std::int64_t kMinPauseMs = 2'000;
constexpr long kTimeoutMs = 5'000;
constexpr std::size_t kMaxBytes = 256 * 1024;
constexpr int kMinRsaBits = 2048;
constexpr std::size_t kP256Bytes = 32;

template <auto Function>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    Function(object);
  }
};
using Number = std::unique_ptr<BIGNUM, Free<BN_free>>;
using ParamBuilder = std::unique_ptr<OSSL_PARAM_BLD, Free<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Free<OSSL_PARAM_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Bio = std::unique_ptr<BIO, Free<BIO_free>>;

Key KeyFromParams(const char* type, OSSL_PARAM_BLD* builder) {
  const Params params(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    return nullptr;
  }
  return Key(key);
}

Key RsaKey(const bj::object& jwk) {
  const auto n = DecodeBase64Url(TextClaim(jwk, "n"));
  const auto e = DecodeBase64Url(TextClaim(jwk, "e"));
  if (!n || !e || n->empty() || e->empty()) return nullptr;
  const Number modulus(BN_bin2bn(n->data(), static_cast<int>(n->size()), nullptr));
  const Number exponent(BN_bin2bn(e->data(), static_cast<int>(e->size()), nullptr));
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get());
  Key key = KeyFromParams("RSA", builder.get());
  return key && EVP_PKEY_get_bits(key.get()) >= kMinRsaBits ? std::move(key) : nullptr;
}

Key P256Key(const bj::object& jwk) {
  const auto x = DecodeBase64Url(TextClaim(jwk, "x"));
  const auto y = DecodeBase64Url(TextClaim(jwk, "y"));
  if (TextClaim(jwk, "crv") != "P-256" || !x || !y || x->size() != kP256Bytes || y->size() != kP256Bytes) return nullptr;
  std::vector<unsigned char> point{POINT_CONVERSION_UNCOMPRESSED};
  point.insert(point.end(), x->begin(), x->end());
  point.insert(point.end(), y->begin(), y->end());
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  return KeyFromParams("EC", builder.get());
}

std::string Pem(EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  if (!bio || PEM_write_bio_PUBKEY(bio.get(), key) != 1) return {};
  char* text = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &text);
  return std::string(text, static_cast<std::size_t>(length));
}

std::size_t Append(char* data, std::size_t size, std::size_t count, void* into) {
  auto& text = *static_cast<std::string*>(into);
  if (text.size() + size * count > kMaxBytes) return 0;
  text.append(data, size * count);
  return size * count;
}

base::Result<std::string> Fetch(const std::string& url) {
  const std::unique_ptr<CURL, Free<curl_easy_cleanup>> curl(curl_easy_init());
  if (!curl) return {base::ErrorCode::kInternal, "libcurl cannot be set up"};
  std::string text;
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl.get(), CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, kTimeoutMs);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &Append);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &text);
  if (const CURLcode fault = curl_easy_perform(curl.get()); fault != CURLE_OK)
    return {base::ErrorCode::kTimeout, curl_easy_strerror(fault)};
  return text;
}

base::Result<std::string> Read(const std::string& source) {
  if (source.starts_with("http://") || source.starts_with("https://")) return Fetch(source);
  std::ifstream file(source, std::ios::binary);
  if (!file) return {base::ErrorCode::kNotFound, "the file cannot be read"};
  return std::string{std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

base::Result<std::vector<PublicKey>> ParseJwks(std::string_view text) {
  boost::system::error_code fault;
  const bj::value document = bj::parse({text.data(), text.size()}, fault);
  const bj::value* list = !fault && document.is_object() ? document.get_object().if_contains("keys") : nullptr;
  if (list == nullptr || !list->is_array()) return {base::ErrorCode::kBadConfig, "not a JSON Web Key Set"};
  std::vector<PublicKey> keys;
  for (const bj::value& entry : list->get_array()) {
    if (!entry.is_object()) continue;
    const bj::object& jwk = entry.get_object();
    if (jwk.contains("use") && TextClaim(jwk, "use") != "sig") continue;
    const std::string type = TextClaim(jwk, "kty");
    if (type != "RSA" && type != "EC") continue;
    const auto algorithm = type == "RSA" ? SignatureAlgorithm::kRs256 : SignatureAlgorithm::kEs256;
    if (jwk.contains("alg") && TextClaim(jwk, "alg") != Name(algorithm)) continue;
    const Key key = type == "RSA" ? RsaKey(jwk) : P256Key(jwk);
    if (key) keys.push_back({TextClaim(jwk, "kid"), algorithm, Pem(key.get())});
  }
  return keys;
}

std::optional<PublicKey> JwksKeys::Known(const std::string& key_id, SignatureAlgorithm algorithm) const {
  const auto fits = [&](const PublicKey& key) { return key.algorithm == algorithm && (key_id.empty() || key.id == key_id); };
  const auto first = std::ranges::find_if(keys_, fits);
  if (first == keys_.end() || std::find_if(first + 1, keys_.end(), fits) != keys_.end()) return std::nullopt;
  return *first;
}

void JwksKeys::ReadAgain() {
  tried_at_ms_ = clock_.NowMs();
  const auto text = Read(source_);
  auto keys = text.ok() ? ParseJwks(*text) : base::Result<std::vector<PublicKey>>(text.error());
  if (!keys.ok()) {
    base::Log(base::LogLevel::kWarning, "the outside issuer's keys cannot be read", {{"reason", keys.error().message}});
    return;
  }
  keys_ = std::move(*keys);
  read_at_ms_ = tried_at_ms_;
}

base::Result<PublicKey> JwksKeys::Find(const std::string& key_id, SignatureAlgorithm algorithm) {
  const std::lock_guard lock(mutex_);
  const std::int64_t now_ms = clock_.NowMs();
  const bool may_try = tried_at_ms_ == 0 || now_ms - tried_at_ms_ >= kMinPauseMs;
  auto known = Known(key_id, algorithm);
  if (may_try && (!known || now_ms - read_at_ms_ > kMaxAgeMs)) {
    ReadAgain();
    known = Known(key_id, algorithm);
  }
  if (!known) return {base::ErrorCode::kUnauthenticated, "token: no such key"};
  return std::move(*known);
}

}  // namespace speechcoach::api
