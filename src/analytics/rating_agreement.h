// How well the program's ratings agree with people's, and the straight lines that bring them nearer. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/rating.h"

namespace speechcoach::analytics {

// Of one kind of rating. Points of 0-10; correlations are Pearson's, absent where a side does not vary.
struct RatingAgreement {
  std::string rating;                     // as in model::kRatingNames
  std::size_t recordings = 0;             // rated by two people or more, and by the program
  std::optional<double> with_scores;      // the program's rating with the mean of people's
  std::optional<double> mean_difference;  // mean absolute difference of these two
  std::optional<double>
      between_raters;  // one person's with the mean of the others, over all of them: what a program can hope for
};

std::vector<RatingAgreement> Agreements(std::span<const model::RatedReading> readings);

// A line fitted by least squares, drawn towards leaving everything as it is as if kPriorReadings readings said so.
struct FittedLine {
  std::string rating;
  model::RatingLine line;     // as it is, where none is better
  double error_before = 0.0;  // mean squared difference from the mean of people's, as it is
  double error_after = 0.0;   // the same for learners that the line was not fitted on (five folds)
  bool is_better = false;
};

struct CalibrationFit {
  std::size_t recordings = 0;  // rated by two people or more, and by the program
  std::size_t learners = 0;
  std::vector<FittedLine>
      lines;  // empty where there is too little: fewer recordings than `least`, or fewer than kLeastLearners learners
  model::RatingCalibration calibration;
};

inline constexpr std::size_t kLeastRaters = 2;
inline constexpr std::size_t kLeastLearners = 5;
inline constexpr double kPriorReadings = 20.0;

CalibrationFit FitCalibration(std::span<const model::RatedReading> readings, std::size_t least);

}  // namespace speechcoach::analytics
