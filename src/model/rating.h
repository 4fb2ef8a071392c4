// What people think of a reading, and how the program's ratings are brought nearer to them.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/pronunciation_report.h"

namespace speechcoach::model {

// The kinds of ratings, by the names they have everywhere.
inline constexpr std::array<std::pair<const char*, double SentenceRatings::*>, 4> kRatingNames{
    {{"accuracy", &SentenceRatings::accuracy},
     {"fluency", &SentenceRatings::fluency},
     {"prosodic", &SentenceRatings::prosodic},
     {"total", &SentenceRatings::total}}};

struct HumanRating {
  std::int64_t rater_id = 0;
  SentenceRatings ratings;  // whole numbers, 0-10
  std::int64_t rated_at_ms = 0;
};

// A reading that people have rated.
struct RatedReading {
  std::string session_id;
  std::int64_t user_id = 0;              // the learner
  std::optional<SentenceRatings> given;  // the program's, before calibration; absent where the sounds were not measured
  std::vector<HumanRating> human;
};

// Something to be rated.
struct RatingTask {
  std::string session_id;
  std::int64_t user_id = 0;
  std::string reference_text;
  std::int64_t raters = 0;  // so far
};

// In points of 0-10.
struct RatingLine {
  double shift = 0.0;
  double slope = 1.0;

  // What is shown for what the program gave.
  double On(double given) const { return std::clamp(shift + slope * given, 0.0, 10.0); }
};

// How the program's ratings become the scores that are shown; by default as they are.
struct RatingCalibration {
  RatingLine accuracy;
  RatingLine fluency;
  RatingLine prosodic;
};

inline constexpr std::array<std::pair<const char*, RatingLine RatingCalibration::*>, 3> kCalibratedRatings{
    {{"accuracy", &RatingCalibration::accuracy},
     {"fluency", &RatingCalibration::fluency},
     {"prosodic", &RatingCalibration::prosodic}}};

}  // namespace speechcoach::model
