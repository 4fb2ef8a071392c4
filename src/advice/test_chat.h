// A provider that gives every question the same answers, one after another, and keeps to ChatRequest::fault_of as real ones do.
#pragma once

#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "llm/chat_provider.h"

namespace speechcoach::advice {

class ScriptedProvider final : public llm::ChatProvider {
 public:
  explicit ScriptedProvider(std::vector<std::string> answers) : answers_(std::move(answers)) {}

  base::Result<llm::ChatReply> Complete(const llm::ChatRequest& request, const llm::ChatObserver& observer,
                                        std::stop_token) override {
    const std::lock_guard lock(mutex_);
    int tries = 0;
    for (const std::string& answer : answers_) {
      request_ = request;
      ++calls_;
      if (++tries > 1) observer.on_start_over();
      // In pieces that cut words and characters.
      for (std::size_t at = 0; at < answer.size(); at += 7) observer.on_text(std::string_view(answer).substr(at, 7));
      faults_.push_back(request.fault_of(answer));
      if (faults_.back().empty()) return llm::ChatReply{answer, {}, "scripted", "model", false};
    }
    return {base::ErrorCode::kFeedbackDegraded, "no answer will do"};
  }

  const llm::ChatRequest& request() const { return request_; }
  const std::vector<std::string>& faults() const { return faults_; }
  int calls() const { return calls_; }

 private:
  std::vector<std::string> answers_;
  llm::ChatRequest request_;
  std::vector<std::string> faults_;
  int calls_ = 0;
  std::mutex mutex_;
};

}  // namespace speechcoach::advice
