#include "analytics/achievements.h"

#include <algorithm>
#include <set>
#include <string>

#include <gtest/gtest.h>

namespace speechcoach::analytics {
namespace {

model::PracticeDay Day(std::int64_t day, std::int64_t sessions, double score, std::int64_t minutes = 0) {
  model::PracticeDay made{day, sessions, minutes * 60'000, {}};
  made.score_sums.fill(static_cast<std::int64_t>(score * 1000) * sessions);
  return made;
}

Achievement Find(const std::vector<model::PracticeDay>& days, std::string_view id) {
  const auto all = AchievementsOf(days);
  const auto found = std::ranges::find(all, id, &Achievement::id);
  return found != all.end() ? *found : Achievement{};
}

TEST(AchievementsTest, NothingIsReachedWithoutPractice) {
  std::set<std::string_view> ids;
  for (const Achievement& achievement : AchievementsOf({})) {
    EXPECT_EQ(achievement.so_far, 0);
    EXPECT_FALSE(achievement.reached_day);
    EXPECT_GT(achievement.goal, 0);
    EXPECT_TRUE(ids.insert(achievement.id).second) << achievement.id;
  }
}

TEST(AchievementsTest, TheDayIsTheOneThatReachedIt) {
  const std::vector days{Day(100, 4, 5, 30), Day(103, 5, 5, 29), Day(104, 1, 5, 1), Day(105, 30, 5, 90)};
  EXPECT_EQ(Find(days, "first_session").reached_day, 100);
  EXPECT_EQ(Find(days, "sessions_10").reached_day, 104);
  EXPECT_EQ(Find(days, "minutes_60").reached_day, 104);
  EXPECT_EQ(Find(days, "sessions_50").so_far, 40);
  EXPECT_FALSE(Find(days, "sessions_50").reached_day);
}

TEST(AchievementsTest, ABreakEndsARowButTakesNothingAway) {
  const std::vector days{Day(1, 1, 5), Day(2, 1, 5), Day(3, 1, 5), Day(5, 1, 5), Day(6, 1, 5)};
  EXPECT_EQ(Find(days, "streak_3").reached_day, 3);
  EXPECT_EQ(Find(days, "streak_7").so_far, 3);
  const std::vector from_the_first_day{Day(1, 1, 5)};
  EXPECT_EQ(Find(from_the_first_day, "streak_3").so_far, 1);
}

TEST(AchievementsTest, AGoodDayHasSeveralGoodPractices) {
  EXPECT_FALSE(Find({Day(1, 2, 9)}, "good_day").reached_day);
  EXPECT_FALSE(Find({Day(1, 3, 7.9)}, "good_day").reached_day);
  EXPECT_EQ(Find({Day(1, 2, 9), Day(4, 3, 8)}, "good_day").reached_day, 4);
}

}  // namespace
}  // namespace speechcoach::analytics
