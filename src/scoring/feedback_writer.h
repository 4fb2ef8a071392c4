// Scores and evidence -> words for the learner.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string_view>

#include "base/result.h"
#include "model/scores.h"
#include "scoring/scoring.h"

namespace speechcoach::scoring {

// What goes with the wish for feedback, beside what it rests on. Functions are called from a thread that Write waits for, one
// call at a time.
struct FeedbackWish {
  std::int64_t user_id = 0;  // whom a paid call is counted for; 0: nobody
  // While the text is still being written: whole sentences of the talk, checked, their figures in place. Writers that answer
  // at once call neither.
  std::function<void(std::string_view sentence)> on_sentence = [](std::string_view) {};
  std::function<void()> on_start_over = [] {};  // what was shown before is void
  std::stop_token stop = {};
};

// Thread-safe. An LLM chain is one more implementation.
class FeedbackWriter {
 public:
  virtual ~FeedbackWriter() = default;

  // Every statement rests on `evidence` or `report`; none contradicts a score. Blocks.
  // Errors: kModelUnavailable (no model is set up), kFeedbackDegraded, kCancelled.
  virtual base::Result<model::Feedback> Write(const Evidence& evidence, const ScoreReport& report, const FeedbackWish& wish) = 0;
  base::Result<model::Feedback> Write(const Evidence& evidence, const ScoreReport& report) { return Write(evidence, report, {}); }
};

// Templates (data/feedback) over the evidence, Vietnamese or English by evidence.locale. Never fails, needs no network. The
// same evidence gives the same words; none of the phrases of evidence.history->last_phrases comes twice in a row.
class RuleFeedbackWriter final : public FeedbackWriter {
 public:
  using FeedbackWriter::Write;
  base::Result<model::Feedback> Write(const Evidence& evidence, const ScoreReport& report, const FeedbackWish& wish) override;
};

// The same feedback with the sentence for a busy AI system first: for when an LLM was configured and could not answer.
model::Feedback AsDegraded(model::Feedback feedback, const Evidence& evidence, const ScoreReport& report);

}  // namespace speechcoach::scoring
