#include "storage/product_repository.h"

#include <gtest/gtest.h>
#include <soci/soci.h>

#include "storage/internal/statement.h"
#include "storage/open_sql.h"
#include "storage/temporary_database.h"

namespace speechcoach::storage {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kToday = 20'000;
constexpr std::int64_t kNowMs = kToday * kDayMs + 1'000;

class ProductRepositoryTest : public ::testing::Test {
 protected:
  void SetUp() override { OpenSql(db_, sql_); }

  std::int64_t NewLearner() { return db_->users().Create({}).value().id; }
  // One session on each of these days before today.
  void Practise(std::int64_t user_id, const std::vector<std::int64_t>& days_ago, double score) {
    const auto sum = static_cast<std::int64_t>(score * 1000);
    for (const std::int64_t ago : days_ago) {
      const std::int64_t day = kToday - ago;
      Statement(sql_,
                "INSERT INTO practice_days (user_id, day, sessions, practice_ms, overall_sum, pronunciation_sum, prosody_sum, "
                "emotion_sum, "
                "confidence_sum, fluency_sum) VALUES (:user_id, :day, 1, 5000, :sum, 0, 0, 0, 0, 0)")
          .Use("user_id", user_id)
          .Use("day", day)
          .Use("sum", sum)
          .Execute();
    }
  }
  model::ProductFigures Figures() { return db_->product().Figures(kNowMs).value(); }

  TemporaryDatabase db_;
  soci::session sql_;
};

TEST_F(ProductRepositoryTest, NothingIsKnownOfNobody) {
  const auto figures = Figures();
  EXPECT_EQ(figures.active_learners, 0);
  EXPECT_EQ(figures.sessions, 0);
  EXPECT_EQ(figures.starters, 0);
  EXPECT_FALSE(figures.score_change || figures.mean_stars);
}

TEST_F(ProductRepositoryTest, CountsThoseWhoPractiseAndHowTheyGetBetter) {
  const std::int64_t better = NewLearner();
  Practise(better, {40, 35}, 5.0);
  Practise(better, {20, 1}, 6.0);
  const std::int64_t worse = NewLearner();
  Practise(worse, {59}, 8.0);
  Practise(worse, {29}, 7.6);
  Practise(NewLearner(), {0}, 9.0);
  const auto figures = Figures();
  EXPECT_EQ(figures.active_learners, 2) << "29 days ago is not of late";
  EXPECT_EQ(figures.sessions, 3);
  EXPECT_EQ(figures.compared_learners, 2);
  EXPECT_NEAR(*figures.score_change, (0.2 - 0.05) / 2, 1e-9);
}

TEST_F(ProductRepositoryTest, WhoStaysPractisesInTheWeekAfterAMonth) {
  Practise(NewLearner(), {37, 7}, 5.0);       // the first day of that week
  Practise(NewLearner(), {66, 30}, 5.0);      // the last one
  Practise(NewLearner(), {50, 21, 13}, 5.0);  // before and after it
  Practise(NewLearner(), {36, 6}, 5.0);       // that week is not over
  Practise(NewLearner(), {67, 37}, 5.0);      // too long ago
  const auto figures = Figures();
  EXPECT_EQ(figures.starters, 3);
  EXPECT_EQ(figures.stayed, 2);
}

TEST_F(ProductRepositoryTest, StarsAreGivenAnewAndGoWithTheirSession) {
  const model::Session session = db_.NewSession(1'000);
  ASSERT_TRUE(db_->sessions().Create(session).ok());
  EXPECT_FALSE(db_->product().StarsOf(session.id).value());
  ASSERT_TRUE(db_->product().Rate(session.id, 2, kNowMs).ok());
  ASSERT_TRUE(db_->product().Rate(session.id, 5, kNowMs).ok());
  EXPECT_EQ(db_->product().StarsOf(session.id).value(), 5);
  EXPECT_EQ(Figures().ratings, 1);
  EXPECT_EQ(Figures().raters, 1);
  EXPECT_EQ(Figures().mean_stars, 5.0);
  EXPECT_EQ(db_->product().Rate(base::NewUuid(), 3, kNowMs).error().code, base::ErrorCode::kConflict);
  ASSERT_TRUE(db_->sessions().Delete(session.id).ok());
  EXPECT_EQ(Figures().ratings, 0);
}

}  // namespace
}  // namespace speechcoach::storage
