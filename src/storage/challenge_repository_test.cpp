#include "storage/challenge_repository.h"

#include <gtest/gtest.h>

#include "storage/class_repository.h"
#include "storage/temporary_database.h"

namespace speechcoach::storage {
namespace {

constexpr std::int64_t kJoinedMs = 1'000;

class ChallengeRepositoryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    class_id_ = db_->classes().Create({0, NewUser("Hoa"), "9A", "ABCD", 1}).value().id;
    lan_ = NewUser("Lan");
    minh_ = NewUser("Minh");
    for (const std::int64_t member : {lan_, minh_}) ASSERT_TRUE(db_->classes().Join(class_id_, member, "", kJoinedMs).ok());
  }

  std::int64_t NewUser(const std::string& name) {
    model::User user;
    user.name = name;
    return db_->users().Create(user).value().id;
  }
  void Practise(std::int64_t user_id, std::int64_t at_ms, double duration_s) {
    model::Session session = db_.NewSession(at_ms);
    session.user_id = user_id;
    session.status = model::SessionStatus::kCompleted;
    session.analysis.emplace().audio_duration_s = duration_s;
    ASSERT_TRUE(db_->sessions().Create(session).ok());
  }
  ChallengeRepository& challenges() { return db_->challenges(); }

  TemporaryDatabase db_;
  std::int64_t class_id_ = 0;
  std::int64_t lan_ = 0;
  std::int64_t minh_ = 0;
};

TEST_F(ChallengeRepositoryTest, AClassReachesItTogether) {
  const auto made =
      challenges().Add({0, class_id_, "Cả lớp cùng nói", model::ChallengeMeasure::kMinutes, 30, 500, 9'000}).value();
  const auto listed = challenges().Of(class_id_).value();
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0].id, made.id);
  EXPECT_EQ(listed[0].title, "Cả lớp cùng nói");
  EXPECT_EQ(listed[0].measure, model::ChallengeMeasure::kMinutes);
  EXPECT_EQ(listed[0].goal, 30);
  EXPECT_EQ(listed[0].ends_at_ms, 9'000);

  Practise(lan_, kJoinedMs - 1, 100.0);  // before joining
  Practise(lan_, kJoinedMs, 60.0);
  Practise(minh_, 8'999, 30.0);
  Practise(minh_, 9'000, 100.0);          // too late
  Practise(db_.user_id(), 2'000, 100.0);  // somebody else
  EXPECT_EQ(challenges().Done(made, {})->sessions, 2);
  EXPECT_DOUBLE_EQ(challenges().Done(made, {})->practice_s, 90.0);
  EXPECT_DOUBLE_EQ(challenges().Done(made, minh_)->practice_s, 30.0);
  EXPECT_EQ(challenges().Done(made, db_.user_id())->sessions, 0);

  EXPECT_EQ(challenges().Delete(class_id_ + 1, made.id).error().code, base::ErrorCode::kNotFound);
  ASSERT_TRUE(challenges().Delete(class_id_, made.id).ok());
  EXPECT_TRUE(challenges().Of(class_id_)->empty());
}

TEST_F(ChallengeRepositoryTest, OnlyThoseWhoWantToAreShown) {
  Practise(lan_, 2'000, 10.0);
  Practise(minh_, 2'000, 20.0);
  EXPECT_TRUE(challenges().Leaderboard(class_id_, 0)->empty()) << "nobody has said so";
  for (const std::int64_t member : {lan_, minh_, minh_}) ASSERT_TRUE(challenges().TakePart(class_id_, member, true).ok());
  EXPECT_EQ(challenges().LeaderboardsOf(minh_).value(), std::vector{class_id_});
  EXPECT_TRUE(challenges().LeaderboardsOf(db_.user_id())->empty());
  auto rows = challenges().Leaderboard(class_id_, 0).value();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].name, "Minh");
  EXPECT_DOUBLE_EQ(rows[0].practice.practice_s, 20.0);
  EXPECT_EQ(rows[1].practice.sessions, 1);
  rows = challenges().Leaderboard(class_id_, 2'001).value();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].name, "Lan") << "equals go by name";
  EXPECT_EQ(rows[0].practice.sessions, 0);

  ASSERT_TRUE(challenges().TakePart(class_id_, lan_, false).ok());
  EXPECT_FALSE(challenges().TakesPart(class_id_, lan_).value());
  ASSERT_TRUE(db_->classes().Leave(class_id_, minh_).ok());
  EXPECT_TRUE(challenges().Leaderboard(class_id_, 0)->empty());
  EXPECT_EQ(challenges().TakePart(class_id_, db_.user_id(), true).error().code, base::ErrorCode::kConflict) << "no member";
}

}  // namespace
}  // namespace speechcoach::storage
