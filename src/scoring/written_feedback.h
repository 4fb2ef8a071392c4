// For tests: what the rules write about a recording, beside what it rests on.
#pragma once

#include <utility>

#include "scoring/feedback_writer.h"
#include "scoring/scoring.h"

namespace speechcoach::scoring {

struct Written {
  Evidence evidence;
  ScoreReport report;
  model::Feedback feedback;
};

inline Written Write(Evidence evidence) {
  Written written{std::move(evidence), {}, {}};
  written.report = ComputeScores(written.evidence);
  written.feedback = RuleFeedbackWriter().Write(written.evidence, written.report).value();
  return written;
}

}  // namespace speechcoach::scoring
