// A learner says that a score is wrong.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace speechcoach::model {

struct ScoreDispute {
  std::int64_t id = 0;
  std::string session_id;
  std::int64_t user_id = 0;
  std::string score;   // as in kSkillNames
  double given = 0.0;  // what it was then, 0-10
  std::string text;    // why; may be empty
  std::int64_t created_at_ms = 0;
  std::optional<std::int64_t> reviewed_at_ms;
};

}  // namespace speechcoach::model
