// Feedback in a language model's words: points -> prompts -> answers -> checks -> figures.
#pragma once

#include "llm/chat_provider.h"
#include "scoring/feedback_writer.h"

namespace speechcoach::advice {

// Asks for each point by itself, all at once: a point that somebody else had to hear within the last hour is there already. The rules write what
// stands around the points. An answer that fails the checks is never shown: the provider repairs it once (ChatRequest::fault_of) or asks
// another model, and a point nobody can word is left out. Thread-safe as far as its provider is.
class LlmFeedbackWriter final : public scoring::FeedbackWriter {
 public:
  // `provider` must outlive it.
  explicit LlmFeedbackWriter(llm::ChatProvider& provider) : provider_(provider) {}

  // Errors: kModelUnavailable (no model is set up), kFeedbackDegraded (no praise, or no advice, could be worded), kCancelled.
  using scoring::FeedbackWriter::Write;
  base::Result<model::Feedback> Write(const scoring::Evidence& evidence, const scoring::ScoreReport& report,
                                      const scoring::FeedbackWish& wish) override;

 private:
  llm::ChatProvider& provider_;
  scoring::RuleFeedbackWriter rules_;
};

}  // namespace speechcoach::advice
