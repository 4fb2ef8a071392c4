#include "analytics/progress.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "analytics/time_zone.h"

namespace speechcoach::analytics {
namespace {

constexpr std::int64_t kTrendDays = 30;
constexpr std::size_t kRecentDays = 14;
constexpr double kWeakMargin = 0.25;  // points
constexpr std::int64_t kMinFaults = 2;
constexpr std::size_t kMaxWeak = 8;
constexpr std::size_t kAveragedPoints = 7;
constexpr double kZ90 = 1.6448536269514722;
constexpr double kThousand = 1000.0;

struct Sums {
  std::int64_t sessions = 0;
  std::int64_t practice_ms = 0;
  model::SkillSums scores{};

  void Add(const model::PracticeDay& day) {
    sessions += day.sessions;
    practice_ms += day.practice_ms;
    for (std::size_t i = 0; i < model::kSkillCount; ++i) scores[i] += day.score_sums[i];
  }
  double Mean(std::size_t skill) const {
    return static_cast<double>(scores[skill]) / (kThousand * static_cast<double>(sessions));
  }
  model::SkillMeans Means() const {
    model::SkillMeans means{};
    for (std::size_t i = 0; i < model::kSkillCount; ++i) means[i] = Mean(i);
    return means;
  }
};

Sums SumOf(std::span<const model::PracticeDay> days) {
  Sums sums;
  for (const model::PracticeDay& day : days) sums.Add(day);
  return sums;
}

std::span<const model::PracticeDay> Between(std::span<const model::PracticeDay> days, std::int64_t from, std::int64_t to) {
  const auto first = std::ranges::lower_bound(days, from, {}, &model::PracticeDay::day);
  const auto last = std::ranges::upper_bound(days, to, {}, &model::PracticeDay::day);
  return first < last ? std::span(first, last) : std::span<const model::PracticeDay>();
}

// Least squares over the days' means, in points a week.
std::optional<double> SlopePerWeek(std::span<const model::PracticeDay> days) {
  if (days.size() < 2) return std::nullopt;
  double mean_x = 0.0;
  double mean_y = 0.0;
  const auto score = [](const model::PracticeDay& day) {
    return static_cast<double>(day.score_sums[0]) / (kThousand * static_cast<double>(day.sessions));
  };
  for (const model::PracticeDay& day : days) {
    mean_x += static_cast<double>(day.day - days.front().day);
    mean_y += score(day);
  }
  mean_x /= static_cast<double>(days.size());
  mean_y /= static_cast<double>(days.size());
  double covariance = 0.0;
  double variance = 0.0;
  for (const model::PracticeDay& day : days) {
    const double x = static_cast<double>(day.day - days.front().day) - mean_x;
    covariance += x * (score(day) - mean_y);
    variance += x * x;
  }
  return 7.0 * covariance / variance;
}

void CountStreaks(std::span<const model::PracticeDay> days, model::ProgressSummary& summary) {
  int streak = 0;
  for (std::size_t i = 0; i < days.size(); ++i) {
    streak = i > 0 && days[i].day == days[i - 1].day + 1 ? streak + 1 : 1;
    summary.longest_streak_days = std::max(summary.longest_streak_days, streak);
  }
  summary.streak_days = streak;
}

std::vector<model::WeakSkill> WeakSkills(std::span<const model::PracticeDay> days) {
  const Sums recent = SumOf(days.last(std::min(days.size(), kRecentDays)));
  std::vector<model::WeakSkill> skills;
  double mean = 0.0;
  for (std::size_t i = 1; i < model::kSkillCount; ++i) {
    skills.push_back({model::kSkillNames[i], recent.Mean(i)});
    mean += recent.Mean(i) / static_cast<double>(model::kSkillCount - 1);
  }
  std::ranges::stable_sort(skills, {}, &model::WeakSkill::score);
  const auto end = std::find_if(skills.begin() + 1, skills.end(),
                                [&](const model::WeakSkill& skill) { return skill.score > mean - kWeakMargin; });
  skills.erase(end, skills.end());
  return skills;
}

double LowestLikelyRate(const model::SpeechCount& count) {
  const auto n = static_cast<double>(count.chances);
  const double rate = static_cast<double>(count.faults) / n;
  const double z2 = kZ90 * kZ90;
  return (rate + z2 / (2 * n) - kZ90 * std::sqrt(rate * (1 - rate) / n + z2 / (4 * n * n))) / (1 + z2 / n);
}

std::vector<model::SpeechCount> Weakest(std::vector<model::SpeechCount> counts) {
  std::erase_if(counts, [](const model::SpeechCount& count) { return count.faults < kMinFaults; });
  std::ranges::sort(counts, [](const model::SpeechCount& a, const model::SpeechCount& b) {
    const double rate_a = LowestLikelyRate(a);
    const double rate_b = LowestLikelyRate(b);
    return rate_a != rate_b ? rate_a > rate_b : a.text < b.text;
  });
  if (counts.size() > kMaxWeak) counts.resize(kMaxWeak);
  return counts;
}

std::int64_t FirstDayOf(Period period, std::int64_t day) {
  if (period == Period::kDay) return day;
  return period == Period::kWeek ? MondayOf(day) : FirstOfMonth(day);
}

}  // namespace

model::ProgressSummary Summarise(std::span<const model::PracticeDay> days, std::vector<model::SpeechCount> sounds,
                                 std::vector<model::SpeechCount> words) {
  model::ProgressSummary summary;
  if (days.empty()) return summary;
  const Sums all = SumOf(days);
  summary.total_sessions = all.sessions;
  summary.practice_ms = all.practice_ms;
  summary.averages = all.Means();
  summary.last_day = days.back().day;
  summary.score_trend = SlopePerWeek(Between(days, *summary.last_day - kTrendDays + 1, *summary.last_day));
  CountStreaks(days, summary);
  summary.weak_areas = {WeakSkills(days), Weakest(std::move(sounds)), Weakest(std::move(words))};
  return summary;
}

std::optional<Period> PeriodFromName(std::string_view name) {
  if (name == "day") return Period::kDay;
  if (name == "week") return Period::kWeek;
  if (name == "month") return Period::kMonth;
  return std::nullopt;
}

Trends TrendsOf(std::span<const model::PracticeDay> days, Period period, std::int64_t from, std::int64_t to) {
  Trends trends;
  const auto chosen = Between(days, from, to);
  std::vector<Sums> sums;
  for (const model::PracticeDay& day : chosen) {
    const std::int64_t first = FirstDayOf(period, day.day);
    if (trends.points.empty() || trends.points.back().first_day != first) {
      trends.points.push_back({first});
      sums.emplace_back();
    }
    sums.back().Add(day);
  }
  for (std::size_t i = 0; i < sums.size(); ++i) {
    TrendPoint& point = trends.points[i];
    point.sessions = sums[i].sessions;
    point.practice_ms = sums[i].practice_ms;
    point.means = sums[i].Means();
    std::int64_t score = 0;
    std::int64_t sessions = 0;
    for (std::size_t j = i + 1 > kAveragedPoints ? i + 1 - kAveragedPoints : 0; j <= i; ++j) {
      score += sums[j].scores[0];
      sessions += sums[j].sessions;
    }
    point.moving_average = static_cast<double>(score) / (kThousand * static_cast<double>(sessions));
  }
  trends.slope_per_week = SlopePerWeek(chosen);
  const Sums now = SumOf(Between(days, to - kTrendDays + 1, to));
  const Sums before = SumOf(Between(days, to - 2 * kTrendDays + 1, to - kTrendDays));
  if (now.sessions > 0 && before.sessions > 0) trends.change_30_days = now.Mean(0) - before.Mean(0);
  return trends;
}

}  // namespace speechcoach::analytics
