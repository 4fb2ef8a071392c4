// Feedback in a language model's words: facts -> prompt -> answer -> checks -> figures.
#pragma once

#include "llm/chat_provider.h"
#include "scoring/feedback_writer.h"

namespace speechcoach::advice {

// Thread-safe as far as its provider is. An answer that fails the checks is never returned: the provider repairs it once
// (ChatRequest::fault_of) or asks another model.
class LlmFeedbackWriter final : public scoring::FeedbackWriter {
 public:
  // `provider` must outlive it.
  explicit LlmFeedbackWriter(llm::ChatProvider& provider) : provider_(provider) {}

  using scoring::FeedbackWriter::Write;
  base::Result<model::Feedback> Write(const scoring::Evidence& evidence, const scoring::ScoreReport& report,
                                      const scoring::FeedbackWish& wish) override;

 private:
  llm::ChatProvider& provider_;
  scoring::RuleFeedbackWriter rules_;
};

}  // namespace speechcoach::advice
