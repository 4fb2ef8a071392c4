// How the product does: of all learners together, never of one.
#pragma once

#include <cstdint>
#include <optional>

namespace speechcoach::model {

struct ProductFigures {
  std::int64_t active_learners = 0;    // with a finished session in the last 28 days
  std::int64_t sessions = 0;           // theirs, in these days
  std::int64_t compared_learners = 0;  // with sessions in the last 30 days and in the 30 before
  std::optional<double> score_change;  // mean of their overall score's change between the two, as a share: 0.1 is ten per cent up
  std::int64_t starters = 0;           // whose first session lies 37 to 66 days back
  std::int64_t stayed = 0;             // of these, with a session in the week that begins 30 days after the first
  std::int64_t ratings = 0;            // of feedback, in the last 28 days
  std::int64_t raters = 0;             // learners who gave them
  std::optional<double> mean_stars;    // 1..5
};

}  // namespace speechcoach::model
