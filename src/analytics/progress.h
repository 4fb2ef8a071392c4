// A learner's days and counts -> progress and trends.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/progress.h"

namespace speechcoach::analytics {

// `days`: by day, each once, none without sessions. `sounds` and `words`: in any order.
// The trend is the least-squares slope of the daily means over the thirty days up to the last one; weak skills are those whose mean
// over the last fourteen days with practice lies a quarter of a point below the mean of all skills, at least one; weak sounds and words
// went wrong at least twice, sorted by the lower end of the 90 % interval of their rate of faults (E. B. Wilson, "Probable
// inference, the law of succession, and statistical inference", J. Am. Stat. Assoc. 22, 1927), so that one slip in two is no habit.
model::ProgressSummary Summarise(std::span<const model::PracticeDay> days, std::vector<model::SpeechCount> sounds,
                                 std::vector<model::SpeechCount> words);

enum class Period { kDay, kWeek, kMonth };
std::optional<Period> PeriodFromName(std::string_view name);  // "day", "week", "month"

struct TrendPoint {
  std::int64_t first_day = 0;  // of the period: a Monday, the first of a month
  std::int64_t sessions = 0;
  std::int64_t practice_ms = 0;
  model::SkillMeans means{};
  double moving_average = 0.0;  // of the overall score, by session, over this and the six points before
};

struct Trends {
  std::vector<TrendPoint> points;        // those with practice, the oldest first
  std::optional<double> slope_per_week;  // of the overall score, over the points' days
  std::optional<double> change_30_days;  // mean of the thirty days up to `to`, less that of the thirty days before
};

// `days`: by day, at least from 60 days before `to`. Points are made from `from` to `to`, both inclusive.
Trends TrendsOf(std::span<const model::PracticeDay> days, Period period, std::int64_t from, std::int64_t to);

}  // namespace speechcoach::analytics
