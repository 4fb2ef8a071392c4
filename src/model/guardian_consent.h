// Learners who are children, and what their guardians said about their practising.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace speechcoach::model {

// Through whom consent was given: a guardian's own link, or a teacher whose school holds it.
enum class ConsentSource { kGuardian, kSchool };

// A learner is a child where there is one of these.
struct GuardianConsent {
  std::int64_t user_id = 0;
  std::string name;                     // the child's
  std::optional<ConsentSource> source;  // absent: not given
  std::string guardian;                 // as they wrote their name; empty where the school holds their consent
  std::int64_t given_at_ms = 0;         // 0: not given
  bool is_refused = false;              // by a guardian

  bool is_given() const { return source.has_value(); }
};

}  // namespace speechcoach::model
