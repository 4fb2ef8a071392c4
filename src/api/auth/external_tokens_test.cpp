#include "api/auth/external_tokens.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <jwt.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "storage/temporary_database.h"

namespace speechcoach::api {
namespace {

constexpr std::int64_t kNowS = 1'800'000'000;

std::string Base64Url(std::span<const unsigned char> bytes) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string encoded;
  unsigned bits = 0;
  int held = 0;
  for (const unsigned char byte : bytes) {
    bits = bits << 8 | byte;
    for (held += 8; held >= 6; held -= 6) encoded += kAlphabet[bits >> (held - 6) & 63];
  }
  if (held > 0) encoded += kAlphabet[bits << (6 - held) & 63];
  return encoded;
}

// A key pair of the issuer.
class KeyPair {
 public:
  explicit KeyPair(EVP_PKEY* key) : key_(key, &EVP_PKEY_free) {}

  std::string PrivatePem() const {
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), &BIO_free);
    PEM_write_bio_PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
    return Text(bio.get());
  }
  std::string PublicPem() const {
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), &BIO_free);
    PEM_write_bio_PUBKEY(bio.get(), key_.get());
    return Text(bio.get());
  }
  std::string Number(const char* name) const {
    BIGNUM* number = nullptr;
    EVP_PKEY_get_bn_param(key_.get(), name, &number);
    std::vector<unsigned char> bytes(static_cast<std::size_t>(BN_num_bytes(number)));
    BN_bn2bin(number, bytes.data());
    BN_free(number);
    if (std::string_view(name) != OSSL_PKEY_PARAM_RSA_E && bytes.size() < 32) bytes.insert(bytes.begin(), 32 - bytes.size(), 0);
    return Base64Url(bytes);
  }
  std::string RsaJwk(std::string_view id, std::string_view extra = "") const {
    return fmt::format(R"({{"kty":"RSA","kid":"{}","n":"{}","e":"{}"{}}})", id, Number(OSSL_PKEY_PARAM_RSA_N),
                       Number(OSSL_PKEY_PARAM_RSA_E), extra);
  }
  std::string EcJwk(std::string_view id) const {
    return fmt::format(R"({{"kty":"EC","crv":"P-256","kid":"{}","x":"{}","y":"{}","use":"sig"}})", id,
                       Number(OSSL_PKEY_PARAM_EC_PUB_X), Number(OSSL_PKEY_PARAM_EC_PUB_Y));
  }

 private:
  static std::string Text(BIO* bio) {
    char* text = nullptr;
    const long length = BIO_get_mem_data(bio, &text);
    return {text, static_cast<std::size_t>(length)};
  }
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

std::string Sign(jwt_alg_t algorithm, const std::string& key, const std::string& key_id, const std::string& claims) {
  jwt_t* jwt = nullptr;
  EXPECT_EQ(jwt_new(&jwt), 0);
  EXPECT_EQ(jwt_set_alg(jwt, algorithm, reinterpret_cast<const unsigned char*>(key.data()), static_cast<int>(key.size())), 0);
  if (!key_id.empty()) jwt_add_header(jwt, "kid", key_id.c_str());
  EXPECT_EQ(jwt_add_grants_json(jwt, claims.c_str()), 0);
  char* text = jwt_encode_str(jwt);
  std::string token = text != nullptr ? text : "";
  free(text);
  jwt_free(jwt);
  return token;
}

std::string Claims(std::string_view change = "") {
  return fmt::format(R"({{"iss":"https://school.example","aud":"coach","sub":"u-42","name":"Minh","exp":{}{}}})", kNowS + 100,
                     change);
}

class ExternalTokensTest : public ::testing::Test {
 protected:
  ExternalTokensTest() {
    config_.external_issuer = "https://school.example";
    config_.external_audience = "coach";
    config_.external_jwks = (folder_.path() / "jwks.json").string();
    WriteKeys({rsa_.RsaJwk("one"), ec_.EcJwk("two")});
  }
  void WriteKeys(const std::vector<std::string>& keys) const {
    std::ofstream(config_.external_jwks) << fmt::format(R"({{"keys":[{}]}})", fmt::join(keys, ","));
  }
  bool Takes(const std::string& token) {
    const auto claims = Tokens().Verify(token);
    if (!claims.ok()) {
      EXPECT_EQ(claims.error().code, base::ErrorCode::kUnauthenticated);
    }
    return claims.ok();
  }
  ExternalTokens& Tokens() {
    if (!tokens_) tokens_ = std::make_unique<ExternalTokens>(config_, clock_);
    return *tokens_;
  }

  const storage::TemporaryFolder folder_;
  base::AuthConfig config_;
  base::ManualClock clock_{kNowS * 1000};
  const KeyPair rsa_{EVP_RSA_gen(2048)};
  const KeyPair ec_{EVP_EC_gen("P-256")};
  std::unique_ptr<ExternalTokens> tokens_;
};

TEST_F(ExternalTokensTest, TakesRs256AndEs256) {
  const auto claims = Tokens().Verify(Sign(JWT_ALG_RS256, rsa_.PrivatePem(), "one", Claims(R"(,"role":"teacher")")));
  ASSERT_TRUE(claims.ok()) << claims.error().message;
  EXPECT_EQ(claims->subject, "u-42");
  EXPECT_EQ(claims->name, "Minh");
  EXPECT_EQ(claims->role, model::Role::kTeacher);
  EXPECT_TRUE(Takes(Sign(JWT_ALG_ES256, ec_.PrivatePem(), "two", Claims())));
  EXPECT_TRUE(Takes(Sign(JWT_ALG_RS256, rsa_.PrivatePem(), "", Claims()))) << "the only key of its kind";
}

TEST_F(ExternalTokensTest, ThePublicKeyIsNoSecret) {
  EXPECT_FALSE(Takes(Sign(JWT_ALG_HS256, rsa_.PublicPem(), "one", Claims())));
  EXPECT_FALSE(Takes(Sign(JWT_ALG_HS256, ec_.PublicPem(), "two", Claims())));
  EXPECT_FALSE(Takes(Sign(JWT_ALG_RS384, rsa_.PrivatePem(), "one", Claims())));
  EXPECT_FALSE(Takes(Sign(JWT_ALG_ES256, ec_.PrivatePem(), "one", Claims()))) << "an RSA key's name";
}

TEST_F(ExternalTokensTest, AnotherKeyIsRefused) {
  const KeyPair other(EVP_RSA_gen(2048));
  EXPECT_FALSE(Takes(Sign(JWT_ALG_RS256, other.PrivatePem(), "one", Claims())));
  EXPECT_FALSE(Takes(Sign(JWT_ALG_RS256, other.PrivatePem(), "three", Claims())));
}

TEST_F(ExternalTokensTest, ANewKeyIsFoundAndAnOldOneForgotten) {
  const KeyPair newer(EVP_RSA_gen(2048));
  const std::string by_old = Sign(JWT_ALG_RS256, rsa_.PrivatePem(), "one", Claims());
  const std::string by_new = Sign(JWT_ALG_RS256, newer.PrivatePem(), "three", Claims());
  EXPECT_TRUE(Takes(by_old));
  EXPECT_FALSE(Takes(by_new));
  WriteKeys({newer.RsaJwk("three")});
  EXPECT_FALSE(Takes(by_new)) << "not asked again at once";
  clock_.Advance(std::chrono::seconds(2));
  EXPECT_TRUE(Takes(by_new));
  EXPECT_FALSE(Takes(by_old));
}

TEST_F(ExternalTokensTest, KeysThatCannotBeReadStayInUse) {
  EXPECT_TRUE(Takes(Sign(JWT_ALG_RS256, rsa_.PrivatePem(), "one", Claims())));
  std::filesystem::remove(config_.external_jwks);
  config_.clock_skew_s = 0;
  clock_.Advance(std::chrono::seconds(50));
  EXPECT_FALSE(Takes(Sign(JWT_ALG_RS256, rsa_.PrivatePem(), "unknown", Claims())));
  EXPECT_TRUE(Takes(Sign(JWT_ALG_RS256, rsa_.PrivatePem(), "one", Claims())));
}

TEST_F(ExternalTokensTest, WeakAndUnfitKeysAreLeftOut) {
  const KeyPair weak(EVP_RSA_gen(1024));
  const auto keys =
      ParseJwks(fmt::format(R"({{"keys":[{},{},{},{{"kty":"oct","k":"c2VjcmV0"}},7,{{"kty":"RSA","n":"!","e":"AQAB"}}]}})",
                            weak.RsaJwk("weak"), rsa_.RsaJwk("enc", R"(,"use":"enc")"), rsa_.RsaJwk("ps", R"(,"alg":"PS256")")));
  ASSERT_TRUE(keys.ok());
  EXPECT_TRUE(keys->empty());
  for (const char* text : {"", "[]", "{}", R"({"keys":7})", "<html>"}) EXPECT_FALSE(ParseJwks(text).ok()) << text;
}

TEST_F(ExternalTokensTest, AudienceIssuerAndTimes) {
  const auto takes = [&](const std::string& claims) { return Takes(Sign(JWT_ALG_RS256, rsa_.PrivatePem(), "one", claims)); };
  const auto with = [](std::string_view issuer, std::string_view audience, std::int64_t exp, std::string_view more = "") {
    return fmt::format(R"({{"iss":"{}","aud":{},"sub":"7","exp":{}{}}})", issuer, audience, exp, more);
  };
  constexpr std::string_view kIssuer = "https://school.example";
  EXPECT_TRUE(takes(with(kIssuer, R"(["other","coach"])", kNowS + 100)));
  EXPECT_FALSE(takes(with(kIssuer, R"(["other"])", kNowS + 100)));
  EXPECT_FALSE(takes(with(kIssuer, R"("other")", kNowS + 100)));
  EXPECT_FALSE(takes(with(kIssuer, "7", kNowS + 100)));
  EXPECT_FALSE(takes(with("https://elsewhere.example", R"("coach")", kNowS + 100)));
  EXPECT_TRUE(takes(with(kIssuer, R"("coach")", kNowS - 59))) << "the clocks may differ by a minute";
  EXPECT_FALSE(takes(with(kIssuer, R"("coach")", kNowS - 60)));
  EXPECT_TRUE(takes(with(kIssuer, R"("coach")", kNowS + 100, R"(,"nbf":1800000060)")));
  EXPECT_FALSE(takes(with(kIssuer, R"("coach")", kNowS + 100, R"(,"nbf":1800000061)")));
  EXPECT_FALSE(takes(R"({"iss":"https://school.example","aud":"coach","sub":"7"})"));
  EXPECT_FALSE(takes(fmt::format(R"({{"iss":"https://school.example","aud":"coach","exp":{}}})", kNowS + 100)));
  EXPECT_FALSE(takes(fmt::format(R"({{"iss":"https://school.example","aud":"coach","sub":"{}","exp":{}}})", std::string(256, 'x'),
                                 kNowS + 100)));
}

TEST_F(ExternalTokensTest, ASecretInsteadOfKeys) {
  config_.external_secret = std::string(32, 'k');
  config_.external_jwks.clear();
  EXPECT_TRUE(Takes(Sign(JWT_ALG_HS256, config_.external_secret, "", Claims())));
  EXPECT_FALSE(Takes(Sign(JWT_ALG_HS256, std::string(32, 'x'), "", Claims())));
  EXPECT_FALSE(Takes(Sign(JWT_ALG_HS512, config_.external_secret, "", Claims())));
  EXPECT_FALSE(Takes(Sign(JWT_ALG_RS256, rsa_.PrivatePem(), "one", Claims())));
}

}  // namespace
}  // namespace speechcoach::api
