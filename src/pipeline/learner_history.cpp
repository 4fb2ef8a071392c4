#include "pipeline/learner_history.h"

#include <algorithm>

namespace speechcoach::pipeline {

std::optional<scoring::LearnerHistory> HistoryFrom(const storage::SessionPage& earlier, const model::Session& now) {
  scoring::LearnerHistory history;
  bool latest = true;
  for (const model::Session& session : earlier.sessions) {
    if (session.id == now.id || !session.analysis) continue;
    const model::Analysis& analysis = *session.analysis;
    ++history.sessions;
    history.best_overall = std::max(history.best_overall, analysis.scores.overall);
    if (!history.last && session.mode == now.mode) history.last = analysis.scores;
    if (!latest) continue;
    latest = false;
    history.last_phrases = analysis.feedback.source.phrases;
    for (const model::Miscue& miscue : analysis.miscues) {
      if (!miscue.expected.empty()) history.last_troubled.push_back(miscue.expected);
    }
  }
  if (history.sessions == 0) return std::nullopt;
  if (!earlier.next_cursor.empty()) history.sessions = 0;
  return history;
}

}  // namespace speechcoach::pipeline
