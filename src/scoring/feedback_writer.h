// Scores and evidence -> words for the learner.
#pragma once

#include "base/result.h"
#include "model/scores.h"
#include "scoring/scoring.h"

namespace speechcoach::scoring {

// Thread-safe. An LLM chain is one more implementation.
class FeedbackWriter {
 public:
  virtual ~FeedbackWriter() = default;

  // Every statement rests on `evidence` or `report`; none contradicts a score. Blocks.
  // Errors: kFeedbackDegraded, kTimeout.
  virtual base::Result<model::Feedback> Write(const Evidence& evidence, const ScoreReport& report) = 0;
};

// Templates (data/feedback) over the evidence, Vietnamese or English by evidence.locale. Never fails, needs no network. The
// same evidence gives the same words; none of the phrases of evidence.history->last_phrases comes twice in a row.
class RuleFeedbackWriter final : public FeedbackWriter {
 public:
  base::Result<model::Feedback> Write(const Evidence& evidence, const ScoreReport& report) override;
};

// The same feedback with the sentence for a busy AI system first: for when an LLM was configured and could not answer.
model::Feedback AsDegraded(model::Feedback feedback, const Evidence& evidence, const ScoreReport& report);

}  // namespace speechcoach::scoring
