#include "llm/keys/fernet.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace speechcoach::llm {
namespace {

// The test vector of the specification (generate.json, verify.json).
constexpr const char* kSpecKey = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
constexpr const char* kSpecToken =
    "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==";
constexpr std::int64_t kSpecTime = 499162800;  // 1985-10-26T01:20:00-07:00

Fernet Make(const std::string& keys) { return *Fernet::FromKeys(keys); }

TEST(Fernet, ReadsTheSpecificationsToken) {
  const Fernet fernet = Make(kSpecKey);
  EXPECT_EQ(*fernet.Decrypt(kSpecToken), "hello");
  EXPECT_EQ(*fernet.Decrypt(kSpecToken, 60, kSpecTime + 60), "hello");
  EXPECT_EQ(fernet.Decrypt(kSpecToken, 60, kSpecTime + 61).error().code, base::ErrorCode::kForbidden);
  EXPECT_FALSE(fernet.Decrypt(kSpecToken, 60, kSpecTime - 61).ok());
}

TEST(Fernet, AnyTextComesBackAndAnyChangeIsRefused) {
  const Fernet fernet = Make(Fernet::NewKey());
  EXPECT_TRUE(rc::check([&](const std::string& text, std::size_t at) {
    std::string token = fernet.Encrypt(text, 1'800'000'000);
    RC_ASSERT(*fernet.Decrypt(token) == text);
    char& changed = token[at % token.size()];
    changed = changed == 'A' ? 'B' : 'A';
    RC_ASSERT(!fernet.Decrypt(token).ok());
  }));
}

TEST(Fernet, SeveralKeysDecryptAndTheFirstEncrypts) {
  const std::string old_key = Fernet::NewKey();
  const std::string new_key = Fernet::NewKey();
  const std::string token = Make(old_key).Encrypt("secret", kSpecTime);
  const Fernet both = Make(new_key + ", " + old_key);
  EXPECT_EQ(*both.Decrypt(token), "secret");
  const auto rotated = both.Rotate(token);
  ASSERT_TRUE(rotated.ok());
  EXPECT_EQ(*Make(new_key).Decrypt(*rotated, 0, kSpecTime), "secret");  // the time of making stays
  EXPECT_FALSE(Make(old_key).Decrypt(*rotated).ok());
  EXPECT_FALSE(Make(new_key).Rotate(token).ok());
}

TEST(Fernet, RefusesWhatIsNoKeyOrToken) {
  for (const char* keys : {"", "abc", "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4",
                           "cw/0x689RpI+jtRR7oE8h/eQsKImvJapLeSbXpwF4e4=", "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=,"}) {
    EXPECT_EQ(Fernet::FromKeys(keys).error().code, base::ErrorCode::kBadConfig) << keys;
  }
  for (const char* token :
       {"", "gAAA",
        "====", "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA"}) {
    EXPECT_FALSE(Make(kSpecKey).Decrypt(token).ok()) << token;
  }
}

}  // namespace
}  // namespace speechcoach::llm
