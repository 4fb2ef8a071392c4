// A learner's days -> what they have achieved. Nothing is kept: it follows from the days, and goes with them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "model/progress.h"

namespace speechcoach::analytics {

struct Achievement {
  std::string_view id;  // "sessions_10"
  std::string_view title_vi;
  std::string_view title_en;
  std::int64_t goal = 0;                         // sessions, minutes or days
  std::int64_t so_far = 0;                       // 0..goal
  std::optional<std::int64_t> reached_day = {};  // since 1970-01-01, where the learner lives
};

// All there are, always in the same order. `days`: by day, each once, none without sessions. A good day has at least three sessions with a
// mean overall score of 8 or more.
std::vector<Achievement> AchievementsOf(std::span<const model::PracticeDay> days);

}  // namespace speechcoach::analytics
