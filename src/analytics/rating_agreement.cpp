#include "analytics/rating_agreement.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

namespace speechcoach::analytics {
namespace {

using model::RatedReading;
using model::RatingLine;
using model::SentenceRatings;

constexpr std::size_t kFolds = 5;
// A line steeper or flatter than these follows chance, not people.
constexpr double kFlattest = 0.5;
constexpr double kSteepest = 2.0;
// What the program's ratings vary by among learners (their square), as the prior readings would.
constexpr double kPriorVariance = 1.0;

struct Point {
  std::size_t fold = 0;
  double given = 0.0;
  double rated = 0.0;
};

bool Counts(const RatedReading& reading) { return reading.given && reading.human.size() >= kLeastRaters; }

double MeanRating(const RatedReading& reading, double SentenceRatings::* kind) {
  double sum = 0.0;
  for (const model::HumanRating& human : reading.human) sum += human.ratings.*kind;
  return sum / static_cast<double>(reading.human.size());
}

std::optional<double> Pearson(const std::vector<std::pair<double, double>>& pairs) {
  double mean_x = 0.0;
  double mean_y = 0.0;
  for (const auto& [x, y] : pairs) {
    mean_x += x / static_cast<double>(pairs.size());
    mean_y += y / static_cast<double>(pairs.size());
  }
  double xx = 0.0;
  double yy = 0.0;
  double xy = 0.0;
  for (const auto& [x, y] : pairs) {
    xx += (x - mean_x) * (x - mean_x);
    yy += (y - mean_y) * (y - mean_y);
    xy += (x - mean_x) * (y - mean_y);
  }
  return xx > 0.0 && yy > 0.0 ? std::optional(xy / std::sqrt(xx * yy)) : std::nullopt;
}

// The line through all points but those of one fold; all of them where there is no such fold.
RatingLine FitWithout(std::size_t left_out, const std::vector<Point>& points) {
  double count = 0.0;
  double mean = 0.0;
  for (const Point& point : points) {
    if (point.fold == left_out) continue;
    count += 1.0;
    mean += (point.given - mean) / count;
  }
  double spread = 0.0;
  double lift = 0.0;
  double tilt = 0.0;
  for (const Point& point : points) {
    if (point.fold == left_out) continue;
    const double from_mean = point.given - mean;
    spread += from_mean * from_mean;
    lift += point.rated - point.given;
    tilt += (point.rated - point.given) * from_mean;
  }
  const double slope = std::clamp(1.0 + tilt / (spread + kPriorReadings * kPriorVariance), kFlattest, kSteepest);
  return {mean + lift / (count + kPriorReadings) - slope * mean, slope};
}

FittedLine Fit(const char* rating, const std::vector<Point>& points) {
  FittedLine fitted{rating, {}, 0.0, 0.0, false};
  std::vector<RatingLine> lines;
  for (std::size_t fold = 0; fold < kFolds; ++fold) lines.push_back(FitWithout(fold, points));
  for (const Point& point : points) {
    const double before = point.given - point.rated;
    const double after = lines[point.fold].On(point.given) - point.rated;
    fitted.error_before += before * before / static_cast<double>(points.size());
    fitted.error_after += after * after / static_cast<double>(points.size());
  }
  fitted.is_better = fitted.error_after < fitted.error_before;
  if (fitted.is_better) fitted.line = FitWithout(kFolds, points);
  return fitted;
}

}  // namespace

std::vector<RatingAgreement> Agreements(std::span<const RatedReading> readings) {
  std::vector<RatingAgreement> agreements;
  for (const auto& [name, kind] : model::kRatingNames) {
    RatingAgreement agreement{name, 0, {}, {}, {}};
    std::vector<std::pair<double, double>> with_scores;
    std::vector<std::pair<double, double>> between;
    double difference = 0.0;
    for (const RatedReading& reading : readings) {
      if (!Counts(reading)) continue;
      const double mean = MeanRating(reading, kind);
      with_scores.emplace_back((*reading.given).*kind, mean);
      difference += std::abs((*reading.given).*kind - mean);
      const auto raters = static_cast<double>(reading.human.size());
      for (const model::HumanRating& human : reading.human) {
        between.emplace_back(human.ratings.*kind, (mean * raters - human.ratings.*kind) / (raters - 1.0));
      }
    }
    agreement.recordings = with_scores.size();
    agreement.with_scores = Pearson(with_scores);
    agreement.between_raters = Pearson(between);
    if (!with_scores.empty()) agreement.mean_difference = difference / static_cast<double>(with_scores.size());
    agreements.push_back(std::move(agreement));
  }
  return agreements;
}

CalibrationFit FitCalibration(std::span<const RatedReading> readings, std::size_t least) {
  CalibrationFit fit;
  std::vector<std::int64_t> learners;
  for (const RatedReading& reading : readings) {
    if (!Counts(reading)) continue;
    ++fit.recordings;
    learners.push_back(reading.user_id);
  }
  std::ranges::sort(learners);
  learners.erase(std::unique(learners.begin(), learners.end()), learners.end());
  fit.learners = learners.size();
  if (fit.recordings < least || fit.learners < kLeastLearners) return fit;
  const auto fold_of = [&](std::int64_t user_id) {
    return static_cast<std::size_t>(std::ranges::lower_bound(learners, user_id) - learners.begin()) % kFolds;
  };
  for (const auto& [name, line] : model::kCalibratedRatings) {
    const auto kind =
        std::ranges::find_if(model::kRatingNames, [&](const auto& each) { return std::string_view(each.first) == name; })->second;
    std::vector<Point> points;
    for (const RatedReading& reading : readings) {
      if (Counts(reading)) points.push_back({fold_of(reading.user_id), (*reading.given).*kind, MeanRating(reading, kind)});
    }
    fit.lines.push_back(Fit(name, points));
    fit.calibration.*line = fit.lines.back().line;
  }
  return fit;
}

}  // namespace speechcoach::analytics
