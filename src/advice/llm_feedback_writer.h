// Feedback in a language model's words: facts -> prompt -> answer -> checks -> figures.
#pragma once

#include <functional>
#include <stop_token>
#include <string_view>

#include "llm/chat_provider.h"
#include "scoring/feedback_writer.h"

namespace speechcoach::advice {

// Called while the answer comes in: whole sentences of the talk, each checked and with its figures in place. What was shown
// before `on_start_over` is void.
struct FeedbackStream {
  std::function<void(std::string_view sentence)> on_sentence = [](std::string_view) {};
  std::function<void()> on_start_over = [] {};
};

// Thread-safe as far as its provider is. An answer that fails the checks is never returned: the provider repairs it once
// (ChatRequest::fault_of) or asks another model.
class LlmFeedbackWriter final : public scoring::FeedbackWriter {
 public:
  // `provider` must outlive it.
  explicit LlmFeedbackWriter(llm::ChatProvider& provider) : provider_(provider) {}

  // Errors: kModelUnavailable (no model is set up), kFeedbackDegraded, kCancelled.
  base::Result<model::Feedback> Write(const scoring::Evidence& evidence, const scoring::ScoreReport& report) override;
  base::Result<model::Feedback> Write(const scoring::Evidence& evidence, const scoring::ScoreReport& report, const FeedbackStream& stream,
                                      std::stop_token stop);

 private:
  llm::ChatProvider& provider_;
};

}  // namespace speechcoach::advice
