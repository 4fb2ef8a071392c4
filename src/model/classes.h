// Classes: a teacher, the learners who joined, what they are to read, and what is said about their recordings.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace speechcoach::model {

struct SchoolClass {
  std::int64_t id = 0;
  std::int64_t teacher_id = 0;
  std::string name;
  std::string code;  // whoever has it may join
  std::int64_t created_at_ms = 0;
};

// A learner in a class and what was practised since joining it.
struct ClassMember {
  std::int64_t user_id = 0;
  std::string name;
  std::int64_t joined_at_ms = 0;
  int sessions = 0;
  double practice_s = 0.0;
  std::optional<double> mean_overall;  // 0-10
  std::optional<std::int64_t> last_practice_ms;
};

// Somebody on a roster who has not joined yet.
struct ClassInvitation {
  std::string email;  // as NormalEmail makes it
  std::string name;
  bool is_child = false;     // needs a guardian's consent to practise
  bool has_consent = false;  // of a child: the school holds it
  bool is_no_child = false;  // said to be none; otherwise, where they are no child, nothing is said of it
};

struct Assignment {
  std::int64_t id = 0;
  std::int64_t class_id = 0;
  std::int64_t sentence_id = 0;
  std::string sentence_text;
  std::string note;
  std::optional<std::int64_t> due_at_ms;
  std::int64_t created_at_ms = 0;
};

// One learner's work on one assignment.
struct AssignmentWork {
  std::int64_t user_id = 0;
  std::int64_t assignment_id = 0;
  int readings = 0;
  double best_overall = 0.0;
  std::int64_t first_at_ms = 0;
};

struct SessionComment {
  std::int64_t id = 0;
  std::string session_id;
  std::int64_t author_id = 0;
  std::string author_name;
  std::optional<double> at_s;  // of the recording; absent: about the whole
  std::string text;
  std::int64_t created_at_ms = 0;
};

// Somebody other than the learner read or heard something.
struct AccessRecord {
  std::int64_t id = 0;
  std::int64_t user_id = 0;   // whose it is
  std::int64_t actor_id = 0;  // 0: a user who is gone
  std::string actor_name;
  std::string action;      // "listed", "read", "heard", "heard_to_rate" (by somebody who is told no name), "exported"
  std::string session_id;  // empty: not one session
  std::int64_t created_at_ms = 0;
};

}  // namespace speechcoach::model
