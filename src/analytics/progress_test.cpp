#include "analytics/progress.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analytics/contribution.h"
#include "analytics/time_zone.h"

namespace speechcoach::analytics {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::Field;

model::PracticeDay Day(std::int64_t day, double score, std::int64_t sessions = 1) {
  model::PracticeDay made{day, sessions, sessions * 5'000, {}};
  made.score_sums.fill(static_cast<std::int64_t>(score * 1000) * sessions);
  return made;
}

TEST(SummariseTest, NothingIsNothing) {
  const auto summary = Summarise({}, {}, {});
  EXPECT_EQ(summary.total_sessions, 0);
  EXPECT_FALSE(summary.averages || summary.score_trend || summary.last_day);
}

TEST(SummariseTest, StreaksAreDaysInARow) {
  const std::vector<model::PracticeDay> days{Day(1, 5), Day(2, 5), Day(3, 5), Day(5, 5), Day(6, 5)};
  const auto summary = Summarise(days, {}, {});
  EXPECT_EQ(summary.longest_streak_days, 3);
  EXPECT_EQ(summary.streak_days, 2);
  EXPECT_EQ(summary.last_day, 6);
}

TEST(SummariseTest, MeansCountSessionsNotDays) {
  const auto summary = Summarise(std::vector{Day(1, 4, 3), Day(2, 8, 1)}, {}, {});
  EXPECT_EQ(summary.total_sessions, 4);
  EXPECT_EQ(summary.practice_ms, 20'000);
  EXPECT_DOUBLE_EQ((*summary.averages)[0], 5.0);
}

TEST(SummariseTest, TheTrendIsPointsAWeek) {
  std::vector<model::PracticeDay> days;
  for (int i = 0; i < 10; ++i) days.push_back(Day(100 + i, 5.0 + 0.1 * i));
  EXPECT_NEAR(*Summarise(days, {}, {}).score_trend, 0.7, 1e-9);
  days.insert(days.begin(), Day(10, 9.9));
  EXPECT_NEAR(*Summarise(days, {}, {}).score_trend, 0.7, 1e-9) << "what is older than thirty days tells nothing";
  EXPECT_FALSE(Summarise(std::vector{Day(1, 5)}, {}, {}).score_trend);
}

TEST(SummariseTest, WeakSkillsAreBelowTheLearnersOwnMean) {
  model::PracticeDay day = Day(1, 8);
  day.score_sums[2] = 6'000;
  day.score_sums[4] = 7'000;
  const auto weak = Summarise(std::vector{day}, {}, {}).weak_areas.skills;
  EXPECT_THAT(weak, ElementsAre(Field(&model::WeakSkill::skill, "prosody"), Field(&model::WeakSkill::skill, "confidence")));
  EXPECT_EQ(Summarise(std::vector{Day(1, 8)}, {}, {}).weak_areas.skills.size(), 1u) << "there is always one to work on";
}

TEST(SummariseTest, OneSlipInTwoIsNoHabit) {
  const auto weak = Summarise(std::vector{Day(1, 8)}, {{"TH", 100, 60, 0}, {"R", 3, 2, 0}, {"V", 2, 1, 0}, {"S", 100, 2, 0}}, {})
                        .weak_areas.sounds;
  EXPECT_THAT(weak, ElementsAre(Field(&model::SpeechCount::text, "TH"), Field(&model::SpeechCount::text, "R"),
                                Field(&model::SpeechCount::text, "S")));
}

TEST(TrendsTest, DaysBecomeWeeksAndMonths) {
  const std::int64_t monday = *ParseDay("2026-11-23");
  const std::vector<model::PracticeDay> days{Day(monday - 1, 4), Day(monday, 6, 3), Day(monday + 6, 8), Day(monday + 8, 9)};
  const auto weeks = TrendsOf(days, Period::kWeek, monday - 30, monday + 30).points;
  ASSERT_EQ(weeks.size(), 3u);
  EXPECT_EQ(weeks[1].first_day, monday);
  EXPECT_EQ(weeks[1].sessions, 4);
  EXPECT_DOUBLE_EQ(weeks[1].means[0], 6.5);
  EXPECT_DOUBLE_EQ(weeks[1].moving_average, 6.0) << "by session: (4 + 3 * 6 + 8) / 5";
  const auto months = TrendsOf(days, Period::kMonth, monday - 30, monday + 30).points;
  ASSERT_EQ(months.size(), 2u);
  EXPECT_EQ(FormatDay(months[1].first_day), "2026-12-01");
  EXPECT_EQ(TrendsOf(days, Period::kDay, monday, monday).points.size(), 1u);
}

TEST(TrendsTest, TheChangeIsAgainstTheLearnersOwnPast) {
  const std::vector<model::PracticeDay> days{Day(100, 5), Day(140, 6)};
  EXPECT_NEAR(*TrendsOf(days, Period::kDay, 111, 141).change_30_days, 1.0, 1e-9);
  EXPECT_FALSE(TrendsOf(days, Period::kDay, 111, 200).change_30_days);
}

TEST(ContributionTest, SoundsOfWordsNobodySaidDoNotCount) {
  model::Session session;
  session.id = "id";
  session.user_id = 7;
  session.created_at_ms = 1'795'392'000'000 - 1;  // the last millisecond of 22 November, UTC
  EXPECT_FALSE(ContributionOf(session, "UTC"));
  session.analysis.emplace();
  session.analysis->audio_duration_s = 2.5;
  session.analysis->scores.overall = 7.25;
  model::WordResult think{"Think", 0, 1, 4.0, model::WordVerdict::kMispronounced, {}, {}, {}};
  think.phones = {{"TH", "", 0, 0, 2.0, model::PhoneVerdict::kSubstituted, {}, {}, 0},
                  {"IH", "", 0, 0, 9.0, model::PhoneVerdict::kOk, {}, {}, 0}};
  model::WordResult omitted{"thing", 0, 1, 0.0, model::WordVerdict::kOmitted, {}, think.phones, {}};
  session.analysis->pronunciation.emplace().words = {think, omitted, think};
  const auto contribution = ContributionOf(session, "Asia/Ho_Chi_Minh");
  ASSERT_TRUE(contribution);
  EXPECT_EQ(FormatDay(contribution->day.day), "2026-11-23");
  EXPECT_EQ(contribution->day.practice_ms, 2'500);
  EXPECT_EQ(contribution->day.score_sums[0], 7'250);
  EXPECT_THAT(contribution->sounds, ElementsAre(model::SpeechCount{"IH", 2, 0, 18'000}, model::SpeechCount{"TH", 2, 2, 4'000}));
  EXPECT_THAT(contribution->words, ElementsAre(model::SpeechCount{"thing", 1, 1, 0}, model::SpeechCount{"think", 2, 2, 8'000}));
}

// Which are rounded to hundredths; counting anew what is stored must give the same sums.
TEST(ContributionTest, ScoresCountAsAnAnalysisKeepsThem) {
  model::Session session;
  session.analysis.emplace();
  model::WordResult face{"face", 0, 1, 3.3649, model::WordVerdict::kMispronounced, {}, {}, {}};
  face.phones = {{"S", "", 0, 0, 1.1451, model::PhoneVerdict::kSubstituted, {}, {}, 0}};
  session.analysis->pronunciation.emplace().words = {face, face};
  const auto contribution = ContributionOf(session, "UTC");
  ASSERT_TRUE(contribution);
  EXPECT_THAT(contribution->sounds, ElementsAre(model::SpeechCount{"S", 2, 2, 2'300}));
  EXPECT_THAT(contribution->words, ElementsAre(model::SpeechCount{"face", 2, 2, 6'720}));
}

}  // namespace
}  // namespace speechcoach::analytics
