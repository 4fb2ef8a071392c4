// What is hard for the learners of a class, from what each of their sessions added.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/progress.h"

namespace speechcoach::analytics {

struct LearnerStruggles {
  std::int64_t user_id = 0;
  std::int64_t sessions = 0;
  model::WeakAreas weak_areas;  // as Summarise finds them
};

// A sound that is weak for somebody, counted over everybody.
struct SharedSound {
  model::SpeechCount count;
  int learners = 0;  // for how many it is weak
};

struct ClassStruggles {
  std::vector<LearnerStruggles> learners;  // those who practised, by user
  std::vector<SharedSound>
      sounds;  // those that are weak for most learners first, then those that most often go wrong; at most ten
};

// `contributions` in any order.
ClassStruggles StrugglesOf(std::span<const model::Contribution> contributions);

}  // namespace speechcoach::analytics
