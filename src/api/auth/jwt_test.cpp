#include "api/auth/jwt.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <jwt.h>

namespace speechcoach::api {
namespace {

constexpr std::int64_t kNow = 1'800'000'000;
const std::string kSecret = "0123456789abcdef0123456789abcdef";

std::string Base64Url(std::string_view text) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string encoded;
  unsigned bits = 0;
  int held = 0;
  for (const char c : text) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (held += 8; held >= 6; held -= 6) encoded += kAlphabet[bits >> (held - 6) & 63];
  }
  if (held > 0) encoded += kAlphabet[bits << (6 - held) & 63];
  return encoded;
}

// A token signed by somebody who knows the secret, with what that somebody likes in it.
std::string Forge(jwt_alg_t algorithm, const std::string& secret, const std::string& grants) {
  jwt_t* jwt = nullptr;
  EXPECT_EQ(jwt_new(&jwt), 0);
  const auto* key = reinterpret_cast<const unsigned char*>(secret.data());
  EXPECT_EQ(jwt_set_alg(jwt, algorithm, algorithm == JWT_ALG_NONE ? nullptr : key,
                        algorithm == JWT_ALG_NONE ? 0 : static_cast<int>(secret.size())),
            0);
  EXPECT_EQ(jwt_add_grants_json(jwt, grants.c_str()), 0);
  char* text = jwt_encode_str(jwt);
  std::string token = text;
  free(text);
  jwt_free(jwt);
  return token;
}

const std::string kGoodGrants = R"({"iss":"speechcoach","sub":"7","role":"admin","exp":1800000100})";

class TokenSignerTest : public ::testing::Test {
 protected:
  bool Refuses(const std::string& token) {
    const auto claims = signer_.Verify(token, kNow);
    return !claims.ok() && claims.error().code == base::ErrorCode::kUnauthenticated;
  }
  TokenSigner signer_{{kSecret}, "speechcoach"};
};

TEST_F(TokenSignerTest, ReadsWhatItSigned) {
  const auto token = signer_.Sign({42, model::Role::kTeacher, kNow + 60}, kNow);
  ASSERT_TRUE(token.ok());
  const auto claims = signer_.Verify(*token, kNow + 59);
  ASSERT_TRUE(claims.ok()) << claims.error().message;
  EXPECT_EQ(claims->user_id, 42);
  EXPECT_EQ(claims->role, model::Role::kTeacher);
  EXPECT_EQ(claims->expires_at_s, kNow + 60);
}

TEST_F(TokenSignerTest, ASecretCanBePutInFrontOfAnother) {
  const std::string token = signer_.Sign({42, model::Role::kLearner, kNow + 60}, kNow).value();
  const std::string newer(32, 'n');
  EXPECT_EQ(TokenSigner({newer, kSecret}, "speechcoach").Verify(token, kNow)->user_id, 42);
  EXPECT_FALSE(TokenSigner({newer}, "speechcoach").Verify(token, kNow).ok());
  EXPECT_TRUE(Refuses(TokenSigner({newer, kSecret}, "speechcoach").Sign({42, model::Role::kLearner, kNow + 60}, kNow).value()));
}

TEST_F(TokenSignerTest, TakesAnotherIssuersProgramWithTheSameSecret) {
  const auto claims = signer_.Verify(Forge(JWT_ALG_HS256, kSecret, kGoodGrants), kNow);
  ASSERT_TRUE(claims.ok()) << claims.error().message;
  EXPECT_EQ(claims->user_id, 7);
  EXPECT_EQ(claims->role, model::Role::kAdmin);
}

TEST_F(TokenSignerTest, RefusesOtherAlgorithms) {
  EXPECT_TRUE(Refuses(Forge(JWT_ALG_NONE, "", kGoodGrants)));
  EXPECT_TRUE(Refuses(Forge(JWT_ALG_HS384, kSecret, kGoodGrants)));
  EXPECT_TRUE(Refuses(Forge(JWT_ALG_HS512, kSecret, kGoodGrants)));
  for (const char* header : {R"({"alg":"none"})", R"({"alg":"None","typ":"JWT"})", R"({"alg":"hs256"})", R"({"alg":"RS256"})",
                             R"({"alg":["HS256"]})", R"({"typ":"JWT"})", "{}", "[]", ""}) {
    const std::string body = Base64Url(header) + "." + Base64Url(kGoodGrants);
    EXPECT_TRUE(Refuses(body + ".")) << header;
    EXPECT_TRUE(Refuses(body)) << header;
    EXPECT_TRUE(Refuses(body + "." + Base64Url("signature"))) << header;
  }
}

TEST_F(TokenSignerTest, RefusesAnotherSecretAndAnyChange) {
  EXPECT_TRUE(Refuses(Forge(JWT_ALG_HS256, "another secret that is long enough", kGoodGrants)));
  const std::string token = signer_.Sign({42, model::Role::kLearner, kNow + 60}, kNow).value();
  // The last character holds two bits that belong to no byte.
  for (std::size_t i = 0; i + 1 < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_TRUE(Refuses(changed)) << "at " << i;
  }
  EXPECT_TRUE(Refuses(token.substr(0, token.size() - 1)));
  EXPECT_TRUE(Refuses(token.substr(0, token.rfind('.'))));
  EXPECT_TRUE(Refuses(token.substr(0, token.rfind('.') + 1)));
}

TEST_F(TokenSignerTest, RefusesWrongClaims) {
  for (const char* grants :
       {R"({"iss":"speechcoach","sub":"7","exp":1800000000})", R"({"iss":"speechcoach","sub":"7","exp":1})",
        R"({"iss":"speechcoach","sub":"7"})", R"({"iss":"speechcoach","sub":"7","exp":"1800000100"})",
        R"({"iss":"elsewhere","sub":"7","exp":1800000100})", R"({"sub":"7","exp":1800000100})",
        R"({"iss":"speechcoach","sub":"0","exp":1800000100})", R"({"iss":"speechcoach","sub":"-7","exp":1800000100})",
        R"({"iss":"speechcoach","sub":"seven","exp":1800000100})", R"({"iss":"speechcoach","exp":1800000100})",
        R"({"iss":"speechcoach","sub":7,"exp":1800000100})",
        R"({"iss":"speechcoach","sub":"7","exp":1800000100,"nbf":1800000050})",
        R"({"iss":"speechcoach","sub":"7","exp":1800000100,"iat":1800000050})"}) {
    EXPECT_TRUE(Refuses(Forge(JWT_ALG_HS256, kSecret, grants))) << grants;
  }
}

TEST_F(TokenSignerTest, RefusesWhatIsNoToken) {
  using namespace std::string_literals;
  for (const std::string& text : {""s, "."s, ".."s, "..."s, "a.b.c"s, "x"s, std::string(100'000, 'A'), "a\0b"s})
    EXPECT_TRUE(Refuses(text));
}

TEST_F(TokenSignerTest, AnUnknownRoleIsALearner) {
  const auto claims =
      signer_.Verify(Forge(JWT_ALG_HS256, kSecret, R"({"iss":"speechcoach","sub":"7","role":"root","exp":1800000100})"), kNow);
  ASSERT_TRUE(claims.ok());
  EXPECT_EQ(claims->role, model::Role::kLearner);
}

}  // namespace
}  // namespace speechcoach::api
