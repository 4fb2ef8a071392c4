#include "analytics/achievements.h"

#include <algorithm>
#include <array>

namespace speechcoach::analytics {
namespace {

constexpr std::int64_t kMsPerMinute = 60'000;
constexpr std::int64_t kGoodDaySessions = 3;
constexpr std::int64_t kGoodScore = 8'000;  // thousandths

// What has come together up to a day.
struct Tally {
  std::int64_t sessions = 0;
  std::int64_t practice_ms = 0;
  std::int64_t days_in_a_row = 0;  // that end on that day
  std::int64_t good_days = 0;
  std::int64_t last_day = 0;

  void Add(const model::PracticeDay& day) {
    days_in_a_row = sessions > 0 && day.day == last_day + 1 ? days_in_a_row + 1 : 1;
    last_day = day.day;
    sessions += day.sessions;
    practice_ms += day.practice_ms;
    if (day.sessions >= kGoodDaySessions && day.score_sums[0] >= kGoodScore * day.sessions) ++good_days;
  }
};

std::int64_t Sessions(const Tally& tally) { return tally.sessions; }
std::int64_t Minutes(const Tally& tally) { return tally.practice_ms / kMsPerMinute; }
std::int64_t DaysInARow(const Tally& tally) { return tally.days_in_a_row; }
std::int64_t GoodDays(const Tally& tally) { return tally.good_days; }

struct Rule {
  Achievement achievement;
  std::int64_t (*measure)(const Tally& tally);
};

constexpr std::array<Rule, 11> kRules{{
    {{"first_session", "Bài luyện đầu tiên", "The first practice", 1}, Sessions},
    {{"sessions_10", "10 bài luyện", "10 practices", 10}, Sessions},
    {{"sessions_50", "50 bài luyện", "50 practices", 50}, Sessions},
    {{"sessions_200", "200 bài luyện", "200 practices", 200}, Sessions},
    {{"minutes_60", "Một giờ nói tiếng Anh", "An hour of speaking English", 60}, Minutes},
    {{"minutes_600", "Mười giờ nói tiếng Anh", "Ten hours of speaking English", 600}, Minutes},
    {{"streak_3", "3 ngày liên tiếp", "3 days in a row", 3}, DaysInARow},
    {{"streak_7", "Trọn một tuần không nghỉ", "A whole week without a break", 7}, DaysInARow},
    {{"streak_30", "30 ngày liên tiếp", "30 days in a row", 30}, DaysInARow},
    {{"good_day", "Một ngày nói thật hay", "A day of speaking really well", 1}, GoodDays},
    {{"good_days_10", "10 ngày nói thật hay", "10 days of speaking really well", 10}, GoodDays},
}};

}  // namespace

std::vector<Achievement> AchievementsOf(std::span<const model::PracticeDay> days) {
  std::vector<Achievement> achievements;
  for (const Rule& rule : kRules) achievements.push_back(rule.achievement);
  Tally tally;
  for (const model::PracticeDay& day : days) {
    tally.Add(day);
    for (std::size_t i = 0; i < kRules.size(); ++i) {
      Achievement& achievement = achievements[i];
      achievement.so_far = std::max(achievement.so_far, std::min(kRules[i].measure(tally), achievement.goal));
      if (!achievement.reached_day && achievement.so_far == achievement.goal) achievement.reached_day = day.day;
    }
  }
  return achievements;
}

}  // namespace speechcoach::analytics
