#include "api/auth/accounts.h"

#include <gtest/gtest.h>

#include "api/auth/password.h"
#include "storage/temporary_database.h"

namespace speechcoach::api {
namespace {

TEST(PasswordTest, IsKeptAsArgon2id) {
  const auto hash = HashPassword("đúng mật khẩu");
  ASSERT_TRUE(hash.ok());
  EXPECT_TRUE(hash->starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << *hash;
  EXPECT_TRUE(IsPassword("đúng mật khẩu", *hash));
  EXPECT_FALSE(IsPassword("sai mật khẩu", *hash));
  EXPECT_NE(*HashPassword("đúng mật khẩu"), *hash) << "salted";
  EXPECT_FALSE(IsPassword("", ""));
  EXPECT_FALSE(IsPassword("\xff\xfe\xfd", ""));
  EXPECT_FALSE(IsPassword("x", "x"));
}

TEST(NormalEmailTest, IsLowerCaseWithoutSpaces) {
  EXPECT_EQ(NormalEmail("  Lan.Nguyen@Example.ORG "), "lan.nguyen@example.org");
  for (const char* wrong : {"", "@", "a@", "@b", "a b@c", "a@b@c", "a\n@b", "lan"}) EXPECT_FALSE(NormalEmail(wrong)) << wrong;
  EXPECT_FALSE(NormalEmail(std::string(250, 'a') + "@b.example"));
}

class AccountsTest : public ::testing::Test {
 protected:
  base::Result<AccountSignIn> Register(const std::string& email, std::int64_t guest = 0) {
    return accounts_.Register({email, "a good password", "Lan", guest}, "::1");
  }
  storage::TemporaryDatabase db_;
  base::ManualClock clock_{1'795'365'000'000};
  base::AuthConfig config_;
  Authenticator authenticator_{config_, {std::string(32, 's')}, db_->users(), db_->accounts(), clock_};
  Accounts accounts_{config_, authenticator_, db_->users(), db_->accounts(), clock_};
};

TEST_F(AccountsTest, RegisteredOnceSignedInOften) {
  const auto made = Register("lan@example.org");
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_EQ(authenticator_.Check(made->access.token)->user_id, made->access.user.id);
  EXPECT_EQ(Register("lan@example.org").error().code, base::ErrorCode::kEmailTaken);
  EXPECT_EQ(accounts_.Login("lan@example.org", "a good password", "::1")->access.user.id, made->access.user.id);
  EXPECT_EQ(accounts_.Login("lan@example.org", "a bad password", "::1").error().code, base::ErrorCode::kWrongCredentials);
  EXPECT_EQ(accounts_.Login("minh@example.org", "a good password", "::1").error().code, base::ErrorCode::kWrongCredentials);
}

TEST_F(AccountsTest, AGuestBecomesTheAccountOnce) {
  const auto guest = authenticator_.MakeGuest("Lan", "::1");
  const auto made = Register("lan@example.org", guest->user.id);
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made->access.user.id, guest->user.id);
  EXPECT_EQ(Register("lan2@example.org", guest->user.id).error().code, base::ErrorCode::kConflict);
}

TEST_F(AccountsTest, ATokenEndsAndIsRefreshed) {
  const auto made = Register("lan@example.org");
  clock_.Advance(std::chrono::seconds(config_.access_token_ttl_s));
  EXPECT_FALSE(authenticator_.Check(made->access.token).ok());
  const auto next = accounts_.Refresh(made->refresh_token);
  ASSERT_TRUE(next.ok());
  EXPECT_TRUE(authenticator_.Check(next->access.token).ok());
  EXPECT_FALSE(accounts_.Refresh(made->refresh_token).ok()) << "used";
  EXPECT_FALSE(accounts_.Refresh(next->refresh_token).ok()) << "revoked with its family";
}

TEST_F(AccountsTest, SignedOutIsOut) {
  const auto made = Register("lan@example.org");
  ASSERT_TRUE(accounts_.Logout(made->refresh_token).ok());
  EXPECT_FALSE(accounts_.Refresh(made->refresh_token).ok());
}

TEST_F(AccountsTest, ANewPasswordSignsOutEverywhereElse) {
  const auto made = Register("lan@example.org");
  const std::int64_t id = made->access.user.id;
  EXPECT_EQ(accounts_.ChangePassword(id, "wrong", "another password").error().code, base::ErrorCode::kWrongCredentials);
  const auto changed = accounts_.ChangePassword(id, "a good password", "another password");
  ASSERT_TRUE(changed.ok());
  EXPECT_FALSE(accounts_.Refresh(made->refresh_token).ok());
  EXPECT_TRUE(accounts_.Refresh(changed->refresh_token).ok());
  EXPECT_FALSE(accounts_.Login("lan@example.org", "a good password", "::1").ok());
  EXPECT_TRUE(accounts_.Login("lan@example.org", "another password", "::1").ok());
}

TEST_F(AccountsTest, GuessingIsSlowedDown) {
  ASSERT_TRUE(Register("lan@example.org").ok());
  base::ErrorCode last = base::ErrorCode::kInternal;
  for (int i = 0; i < 12; ++i) last = accounts_.Login("lan@example.org", "guess", "::1").error().code;
  EXPECT_EQ(last, base::ErrorCode::kRateLimited);
  EXPECT_EQ(accounts_.Login("lan@example.org", "a good password", "::2").error().code, base::ErrorCode::kRateLimited);
  clock_.Advance(std::chrono::minutes(5));
  EXPECT_TRUE(accounts_.Login("lan@example.org", "a good password", "::1").ok());
}

TEST_F(AccountsTest, WithoutRegistrationNobodyMakesAnAccount) {
  config_.registration = false;
  Accounts closed(config_, authenticator_, db_->users(), db_->accounts(), clock_);
  EXPECT_EQ(closed.Register({"lan@example.org", "a good password", "", 0}, "::1").error().code, base::ErrorCode::kForbidden);
}

}  // namespace
}  // namespace speechcoach::api
