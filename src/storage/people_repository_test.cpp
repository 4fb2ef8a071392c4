#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <soci/soci.h>

#include "storage/open_sql.h"
#include "storage/temporary_database.h"

namespace speechcoach::storage {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(UserRepositoryTest, GivesBackWhatWasCreated) {
  TemporaryDatabase db;
  const model::User user{0, "lan@example.org", "Nguyễn Thị Lan", model::Role::kTeacher, "$argon2id$v=19$x", 1'795'365'000'125};
  const auto created = db->users().Create(user);
  ASSERT_TRUE(created.ok());
  EXPECT_GT(created->id, 0);
  for (const auto& read : {db->users().Get(created->id), db->users().FindByEmail(user.email)}) {
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->id, created->id);
    EXPECT_EQ(read->email, user.email);
    EXPECT_EQ(read->name, user.name);
    EXPECT_EQ(read->role, user.role);
    EXPECT_EQ(read->password_hash, user.password_hash);
    EXPECT_EQ(read->created_at_ms, user.created_at_ms);
  }
}

TEST(UserRepositoryTest, GuestsHaveNoEmailAndAreNotFoundByIt) {
  TemporaryDatabase db;
  const auto first = db->users().Create({});
  const auto second = db->users().Create({});
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_NE(first->id, second->id);
  EXPECT_EQ(db->users().Get(first->id)->email, "");
  EXPECT_EQ(db->users().FindByEmail("").error().code, base::ErrorCode::kNotFound);
}

TEST(UserRepositoryTest, ATakenEmailIsAConflictThatDoesNotRepeatIt) {
  TemporaryDatabase db;
  model::User user;
  user.email = "lan@example.org";
  user.password_hash = "secret-hash";
  ASSERT_TRUE(db->users().Create(user).ok());
  const auto taken = db->users().Create(user);
  EXPECT_EQ(taken.error().code, base::ErrorCode::kConflict);
  EXPECT_THAT(taken.error().message, Not(HasSubstr("lan@example.org")));
  EXPECT_THAT(taken.error().message, Not(HasSubstr("secret-hash")));
}

TEST(UserRepositoryTest, TheNumberOfADeletedUserIsNotGivenAgain) {
  TemporaryDatabase db;
  const std::int64_t id = db->users().Create({})->id;
  soci::session sql;
  OpenSql(db, sql);
  sql << "DELETE FROM users WHERE id = " << id;
  EXPECT_EQ(db->users().Get(id).error().code, base::ErrorCode::kNotFound);
  EXPECT_GT(db->users().Create({})->id, id);
}

TEST(SentenceRepositoryTest, SeedingTwiceGivesEachSentenceOnce) {
  TemporaryDatabase db;
  ASSERT_TRUE(db->SeedSentences().ok());
  const auto sentences = db->sentences().List({});
  ASSERT_TRUE(db->SeedSentences().ok());
  ASSERT_TRUE(sentences.ok());
  EXPECT_GE(sentences->size(), 60u);
  EXPECT_EQ(db->sentences().List({})->size(), sentences->size());
  EXPECT_TRUE(std::ranges::is_sorted(*sentences, {}, [](const model::Sentence& s) { return std::pair(s.level, s.id); }));
  std::set<std::string> levels;
  for (const model::Sentence& sentence : *sentences) {
    levels.insert(sentence.level);
    EXPECT_FALSE(sentence.text.empty());
    EXPECT_FALSE(sentence.text_vi.empty());
    EXPECT_FALSE(sentence.focus_sounds.empty()) << sentence.id;
  }
  EXPECT_EQ(levels, (std::set<std::string>{"A1", "A2", "B1", "B2", "C1"}));
}

TEST(SentenceRepositoryTest, SeedingBringsAChangedSentenceUpToDate) {
  TemporaryDatabase db;
  ASSERT_TRUE(db->SeedSentences().ok());
  const model::Sentence original = *db->sentences().Get(1, 0);
  soci::session sql;
  OpenSql(db, sql);
  sql << "UPDATE sentences SET text = 'old', focus_sounds = '[]' WHERE id = 1";
  EXPECT_EQ(db->sentences().Get(1, 0)->text, "old");
  ASSERT_TRUE(db->SeedSentences().ok());
  EXPECT_EQ(db->sentences().Get(1, 0)->text, original.text);
  EXPECT_EQ(db->sentences().Get(1, 0)->focus_sounds, original.focus_sounds);
}

TEST(SentenceRepositoryTest, FiltersByLevelTopicAndSound) {
  TemporaryDatabase db;
  ASSERT_TRUE(db->SeedSentences().ok());
  const auto all = *db->sentences().List({});
  const auto expect = [&](const SentenceFilter& filter, auto matches) {
    const auto found = db->sentences().List(filter);
    ASSERT_TRUE(found.ok());
    EXPECT_FALSE(found->empty());
    EXPECT_EQ(static_cast<std::ptrdiff_t>(found->size()), std::ranges::count_if(all, matches));
    EXPECT_TRUE(std::ranges::all_of(*found, matches));
  };
  const auto has_th = [](const model::Sentence& s) { return std::ranges::find(s.focus_sounds, "TH") != s.focus_sounds.end(); };
  expect({.level = "B1"}, [](const model::Sentence& s) { return s.level == "B1"; });
  expect({.topic = "food"}, [](const model::Sentence& s) { return s.topic == "food"; });
  expect({.focus_sound = "TH"}, has_th);
  expect({.level = "A1", .focus_sound = "TH"}, [&](const model::Sentence& s) { return s.level == "A1" && has_th(s); });
  EXPECT_TRUE(db->sentences().List({.level = "D9"})->empty());
  EXPECT_EQ(db->sentences().Get(-1, 0).error().code, base::ErrorCode::kNotFound);
}

}  // namespace
}  // namespace speechcoach::storage
