#include "learning/spaced_repetition.h"

#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace speechcoach::learning {
namespace {

constexpr double kScoreOfGrade[] = {1.0, 4.0, 6.0, 7.0, 8.5, 9.5};

Memory AnyMemory() {
  Memory memory;
  for (const int grade : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 6))) memory = AfterReview(memory, grade);
  return memory;
}

// Some readings, a day or several apart or on the same one.
std::vector<DatedReading> AnyReadings() {
  std::vector<DatedReading> readings;
  std::int64_t day = 20'000;
  for (const auto& [pause, score] : *rc::gen::nonEmpty(rc::gen::container<std::vector<std::pair<int, int>>>(
           rc::gen::pair(rc::gen::inRange(0, 12), rc::gen::inRange(0, 101))))) {
    day += pause;
    readings.push_back({day, score / 10.0});
  }
  return readings;
}

TEST(SpacedRepetitionTest, AScoreIsAGrade) {
  for (int grade = 0; grade <= 5; ++grade) EXPECT_EQ(GradeOf(kScoreOfGrade[grade]), grade);
  EXPECT_EQ(GradeOf(0.0), 0);
  EXPECT_EQ(GradeOf(6.5), 3);
  EXPECT_EQ(GradeOf(9.0), 5);
  EXPECT_EQ(GradeOf(10.0), 5);
}

// By hand: 6 x 2.80 = 16.8 and 17 x 2.90 = 49.3, rounded up.
TEST(SpacedRepetitionTest, PerfectReadingsComeBackAsSm2Says) {
  Memory memory;
  std::vector<int> intervals;
  for (int i = 0; i < 4; ++i) {
    memory = AfterReview(memory, 5);
    intervals.push_back(memory.interval_days);
  }
  EXPECT_EQ(intervals, (std::vector<int>{1, 6, 17, 50}));
  EXPECT_EQ(memory.easiness_hundredths, 290);
}

TEST(SpacedRepetitionTest, EachGradeMovesTheEasinessAsSm2Says) {
  for (const auto& [grade, easiness] : {std::pair{5, 260}, {4, 250}, {3, 236}, {2, 250}, {1, 250}, {0, 250}}) {
    EXPECT_EQ(AfterReview({}, grade).easiness_hundredths, easiness) << grade;
  }
}

TEST(SpacedRepetitionTest, OnlyTheFirstReadingOfADayIsAReview) {
  const std::vector<DatedReading> once{{100, 9.5}};
  const std::vector<DatedReading> often{{100, 9.5}, {100, 2.0}, {100, 8.2}};
  const auto a = *ReviewOf(once);
  const auto b = *ReviewOf(often);
  EXPECT_EQ(a.due_day, b.due_day);
  EXPECT_EQ(a.easiness_hundredths, b.easiness_hundredths);
  EXPECT_EQ(b.readings, 3);
  EXPECT_FALSE(b.wants_another);
}

TEST(SpacedRepetitionTest, APoorReadingIsWantedAgainTheSameDay) {
  EXPECT_TRUE(ReviewOf(std::vector<DatedReading>{{100, 7.0}})->wants_another);
  EXPECT_FALSE(ReviewOf(std::vector<DatedReading>{{100, 7.0}, {100, 8.0}})->wants_another);
}

TEST(SpacedRepetitionTest, ReadingAheadDoesNotPutOffTheNextReview) {
  const std::vector<DatedReading> ahead{{100, 9.5}, {101, 9.5}, {103, 9.5}};
  EXPECT_EQ(ReviewOf(ahead)->due_day, 107);
  const std::vector<DatedReading> failed_ahead{{100, 9.5}, {101, 9.5}, {103, 4.0}};
  EXPECT_EQ(ReviewOf(failed_ahead)->due_day, 104);
}

TEST(SpacedRepetitionTest, NoReadingsNoReview) { EXPECT_FALSE(ReviewOf({}).has_value()); }

RC_GTEST_PROP(SpacedRepetitionProperties, IntervalsAndEasinessStayInTheirRange, ()) {
  const Memory memory = AfterReview(AnyMemory(), *rc::gen::inRange(0, 6));
  RC_ASSERT(memory.easiness_hundredths >= kLeastEasiness);
  RC_ASSERT(memory.interval_days >= 1);
  RC_ASSERT(memory.interval_days <= kLongestIntervalDays);
}

RC_GTEST_PROP(SpacedRepetitionProperties, ABetterReadingNeverComesBackSooner, ()) {
  const Memory memory = AnyMemory();
  const int grade = *rc::gen::inRange(0, 5);
  RC_ASSERT(AfterReview(memory, grade).interval_days <= AfterReview(memory, grade + 1).interval_days);
}

RC_GTEST_PROP(SpacedRepetitionProperties, FailingBeginsAnew, ()) {
  const Memory memory = AfterReview(AnyMemory(), *rc::gen::inRange(0, kPassingGrade));
  RC_ASSERT(memory.repetitions == 0);
  RC_ASSERT(memory.interval_days == 1);
}

RC_GTEST_PROP(SpacedRepetitionProperties, WhatWasReadTodayIsDueOnALaterDay, ()) {
  const auto readings = AnyReadings();
  const auto review = *ReviewOf(readings);
  RC_ASSERT(review.due_day > review.last_day);
  RC_ASSERT(review.due_day <= review.last_day + kLongestIntervalDays);
  RC_ASSERT(review.readings == static_cast<int>(readings.size()));
}

RC_GTEST_PROP(SpacedRepetitionProperties, AnotherReadingOnTheSameDayChangesNoSchedule, ()) {
  auto readings = AnyReadings();
  const auto before = *ReviewOf(readings);
  readings.push_back({readings.back().day, *rc::gen::inRange(0, 101) / 10.0});
  const auto after = *ReviewOf(readings);
  RC_ASSERT(after.due_day == before.due_day);
  RC_ASSERT(after.repetitions == before.repetitions);
  RC_ASSERT(after.easiness_hundredths == before.easiness_hundredths);
}

}  // namespace
}  // namespace speechcoach::learning
