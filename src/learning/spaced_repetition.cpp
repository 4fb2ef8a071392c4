#include "learning/spaced_repetition.h"

#include <algorithm>
#include <array>

namespace speechcoach::learning {
namespace {

constexpr std::array kLowestScoreOfGrade{3.0, 5.0, 6.5, 8.0, 9.0};  // of 1..5
constexpr int kFirstIntervalDays = 1;
constexpr int kSecondIntervalDays = 6;

// EF' = EF + (0.1 - (5 - q) (0.08 + (5 - q) 0.02)), in hundredths.
int EasinessAfter(int easiness, int grade) {
  const int missing = 5 - grade;
  return std::max(kLeastEasiness, easiness + 10 - missing * (8 + missing * 2));
}

int IntervalAfter(const Memory& memory, int repetitions, int easiness) {
  if (repetitions == 1) return kFirstIntervalDays;
  if (repetitions == 2) return kSecondIntervalDays;
  return std::min(kLongestIntervalDays, (memory.interval_days * easiness + 99) / 100);
}

}  // namespace

int GradeOf(double score) {
  return static_cast<int>(std::ranges::upper_bound(kLowestScoreOfGrade, score) - kLowestScoreOfGrade.begin());
}

Memory AfterReview(const Memory& memory, int grade) {
  if (grade < kPassingGrade) return {0, kFirstIntervalDays, memory.easiness_hundredths};
  const int easiness = EasinessAfter(memory.easiness_hundredths, grade);
  const int repetitions = memory.repetitions + 1;
  return {repetitions, IntervalAfter(memory, repetitions, easiness), easiness};
}

std::optional<model::SentenceReview> ReviewOf(std::span<const DatedReading> readings) {
  if (readings.empty()) return std::nullopt;
  model::SentenceReview review;
  Memory memory;
  for (const DatedReading& reading : readings) {
    const int grade = GradeOf(reading.score);
    const bool is_first = review.readings == 0;
    const bool is_first_of_day = is_first || reading.day != review.last_day;
    if (is_first_of_day && (is_first || reading.day >= review.due_day || grade < kPassingGrade)) {
      memory = AfterReview(memory, grade);
      review.due_day = reading.day + memory.interval_days;
    }
    ++review.readings;
    review.last_score = reading.score;
    review.last_day = reading.day;
    review.wants_another = grade < kSettledGrade;
  }
  review.repetitions = memory.repetitions;
  review.interval_days = memory.interval_days;
  review.easiness_hundredths = memory.easiness_hundredths;
  return review;
}

}  // namespace speechcoach::learning
