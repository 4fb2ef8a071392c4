#include "storage/account_repository.h"

#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/id.h"
#include "storage/temporary_database.h"

namespace speechcoach::storage {
namespace {

constexpr std::int64_t kNow = 1'795'365'000'125;

class AccountRepositoryTest : public ::testing::Test {
 protected:
  RefreshToken Token(std::string hash, std::int64_t at_ms = kNow) {
    return {std::move(hash), db_.user_id(), base::NewUuid(), at_ms, at_ms + 1'000'000};
  }
  bool Rotates(std::string_view old_hash, const RefreshToken& next) {
    const auto user = db_->accounts().RotateRefreshToken(old_hash, next);
    if (!user.ok()) {
      EXPECT_EQ(user.error().code, base::ErrorCode::kUnauthenticated);
    }
    return user.ok() && *user == db_.user_id();
  }
  TemporaryDatabase db_;
};

TEST_F(AccountRepositoryTest, ARefreshTokenIsGoodForOneUse) {
  ASSERT_TRUE(db_->accounts().AddRefreshToken(Token("a")).ok());
  EXPECT_TRUE(Rotates("a", Token("b")));
  EXPECT_TRUE(Rotates("b", Token("c")));
  EXPECT_FALSE(Rotates("unknown", Token("d")));
}

TEST_F(AccountRepositoryTest, ASecondUseRevokesTheWholeFamilyAndNoOther) {
  ASSERT_TRUE(db_->accounts().AddRefreshToken(Token("a")).ok());
  ASSERT_TRUE(db_->accounts().AddRefreshToken(Token("other")).ok());
  ASSERT_TRUE(Rotates("a", Token("b")));
  EXPECT_FALSE(Rotates("a", Token("stolen")));
  EXPECT_FALSE(Rotates("b", Token("c"))) << "the thief or the owner: nobody can tell, both have to sign in";
  EXPECT_TRUE(Rotates("other", Token("d")));
}

TEST_F(AccountRepositoryTest, TooLateOrRevokedIsRefused) {
  ASSERT_TRUE(db_->accounts().AddRefreshToken(Token("a")).ok());
  EXPECT_FALSE(Rotates("a", Token("b", kNow + 1'000'000)));
  ASSERT_TRUE(db_->accounts().AddRefreshToken(Token("c")).ok());
  ASSERT_TRUE(db_->accounts().RevokeFamilyOf("c", kNow).ok());
  EXPECT_FALSE(Rotates("c", Token("d")));
  ASSERT_TRUE(db_->accounts().AddRefreshToken(Token("e")).ok());
  ASSERT_TRUE(db_->accounts().RevokeAllOf(db_.user_id(), kNow).ok());
  EXPECT_FALSE(Rotates("e", Token("f")));
}

TEST_F(AccountRepositoryTest, OfManyWhoUseItAtOnceOneWins) {
  ASSERT_TRUE(db_->accounts().AddRefreshToken(Token("a")).ok());
  std::atomic<int> winners = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&, i] {
      if (Rotates("a", Token("next" + std::to_string(i)))) ++winners;
    });
  }
  threads.clear();
  EXPECT_EQ(winners, 1);
}

TEST_F(AccountRepositoryTest, ExpiredTokensGo) {
  ASSERT_TRUE(db_->accounts().AddRefreshToken(Token("a")).ok());
  ASSERT_TRUE(db_->accounts().AddRefreshToken(Token("b", kNow + 5)).ok());
  ASSERT_TRUE(db_->accounts().DropExpiredTokens(kNow + 1'000'000).ok());
  EXPECT_TRUE(Rotates("b", Token("c")));
  EXPECT_TRUE(db_->accounts().AddRefreshToken(Token("a")).ok()) << "its hash is free again";
}

TEST_F(AccountRepositoryTest, AnIdentityIsOneUserHoweverManyAskAtOnce) {
  std::vector<std::int64_t> ids(6);
  std::vector<std::jthread> threads;
  model::User if_new;
  if_new.name = "Minh";
  if_new.role = model::Role::kTeacher;
  for (std::int64_t& id : ids) {
    threads.emplace_back([&] { id = db_->accounts().UserOfIdentity("https://school.example", "42", if_new).value().id; });
  }
  threads.clear();
  EXPECT_EQ(ids, std::vector<std::int64_t>(6, ids[0]));
  EXPECT_EQ(db_->users().Get(ids[0])->name, "Minh");
  EXPECT_EQ(db_->users().Get(ids[0])->role, model::Role::kTeacher);
  EXPECT_NE(db_->accounts().UserOfIdentity("https://other.example", "42", if_new)->id, ids[0]);
  const auto identities = db_->accounts().IdentitiesOf(ids[0]).value();
  ASSERT_EQ(identities.size(), 1u);
  EXPECT_EQ(identities[0].issuer, "https://school.example");
  EXPECT_EQ(identities[0].subject, "42");
}

TEST_F(AccountRepositoryTest, SettingsAreKeptAndHaveDefaults) {
  const auto defaults = db_->accounts().Settings(db_.user_id());
  ASSERT_TRUE(defaults.ok());
  EXPECT_EQ(defaults->time_zone, "Asia/Ho_Chi_Minh");
  for (const model::LearnerSettings& settings : {model::LearnerSettings{"Europe/Paris", model::Locale::kEn, "B1", 25},
                                                 model::LearnerSettings{"UTC", model::Locale::kVi, "", 5}}) {
    ASSERT_TRUE(db_->accounts().PutSettings(db_.user_id(), settings).ok());
    const auto read = db_->accounts().Settings(db_.user_id());
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->time_zone, settings.time_zone);
    EXPECT_EQ(read->locale, settings.locale);
    EXPECT_EQ(read->level, settings.level);
    EXPECT_EQ(read->daily_goal_minutes, settings.daily_goal_minutes);
  }
  EXPECT_EQ(db_->accounts().PutSettings(999'999, {}).error().code, base::ErrorCode::kConflict);
}

}  // namespace
}  // namespace speechcoach::storage
