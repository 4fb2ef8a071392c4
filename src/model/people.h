// Who practises, and what there is to practise.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/session.h"

namespace speechcoach::model {

enum class Role { kLearner, kTeacher, kAdmin };

struct User {
  std::int64_t id = 0;
  std::string email;  // empty for guests
  std::string name;
  Role role = Role::kLearner;
  std::string password_hash;  // argon2id, encoded; empty for guests
  std::int64_t created_at_ms = 0;
};

struct LearnerSettings {
  std::string time_zone = "Asia/Ho_Chi_Minh";  // IANA: where the learner's days begin and end
  Locale locale = Locale::kVi;
  std::string level;            // CEFR, of a sentence; empty: not said
  int daily_goal_minutes = 10;  // 1..600
};

// A graded practice sentence.
struct Sentence {
  std::int64_t id = 0;
  std::string text;
  std::string text_vi;
  std::string level;                      // CEFR: A1 A2 B1 B2 C1
  std::string topic;                      // stable key: "greetings", "school", ...
  std::vector<std::string> focus_sounds;  // ARPAbet phones or clusters: "TH", "final_S"
};

}  // namespace speechcoach::model
