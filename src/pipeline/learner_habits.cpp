#include "pipeline/learner_habits.h"

#include <ranges>

namespace speechcoach::pipeline {

LearnerHabits HabitsIn(std::span<const model::Session> newest_first) {
  std::vector<std::vector<model::WordResult>> recordings;
  for (const model::Session& session : newest_first | std::views::reverse) {
    if (!session.analysis || !session.analysis->pronunciation) continue;
    const model::PronunciationReport& report = *session.analysis->pronunciation;
    if (report.text_match >= model::kLeastTextMatch) recordings.push_back(report.words);
  }
  return {static_cast<int>(recordings.size()), pronunciation::FindHabits(recordings)};
}

}  // namespace speechcoach::pipeline
