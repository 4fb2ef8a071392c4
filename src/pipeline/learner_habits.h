// What a learner's voice shows of the habits that Vietnamese speakers have, over the recordings.
#pragma once

#include <span>
#include <vector>

#include "model/session.h"
#include "pronunciation/vietnamese_profile.h"

namespace speechcoach::pipeline {

// How many of the latest sessions are looked at: what was long ago is overcome.
inline constexpr int kSessionsWithHabits = 100;

struct LearnerHabits {
  int recordings = 0;  // whose sounds were judged
  std::vector<pronunciation::Habit> habits;
};

// `newest_first` may hold sessions without a result, and recordings that were not of their text: these tell nothing. Pure.
LearnerHabits HabitsIn(std::span<const model::Session> newest_first);

}  // namespace speechcoach::pipeline
