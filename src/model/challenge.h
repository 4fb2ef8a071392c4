// What a class sets out to do together, and who of it shows how much they practised.
#pragma once

#include <cstdint>
#include <string>

namespace speechcoach::model {

enum class ChallengeMeasure { kSessions, kMinutes };

// Reached by all members together, by what each practised since joining.
struct Challenge {
  std::int64_t id = 0;
  std::int64_t class_id = 0;
  std::string title;
  ChallengeMeasure measure = ChallengeMeasure::kSessions;
  int goal = 0;  // > 0
  std::int64_t begins_at_ms = 0;
  std::int64_t ends_at_ms = 0;  // exclusive
};

// Of finished sessions.
struct PracticeSum {
  int sessions = 0;
  double practice_s = 0.0;
};

struct LeaderboardRow {
  std::int64_t user_id = 0;
  std::string name;
  PracticeSum practice;
};

}  // namespace speechcoach::model
