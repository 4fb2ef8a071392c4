// A conversation partner in a language model's words, along the topic's tree.
#pragma once

#include "dialogue/dialogue_partner.h"
#include "dialogue/scripted_partner.h"
#include "llm/chat_provider.h"

namespace speechcoach::advice {

// The tree decides where the conversation goes and when it ends; the model reacts to what was said and words the turn, or asks
// something nearer. Where no model may or can answer in time, the tree's own words are said: the learner notices a plainer
// partner, never a missing one. Thread-safe as far as its provider is.
class LlmDialoguePartner final : public dialogue::DialoguePartner {
 public:
  // `provider` must outlive it.
  explicit LlmDialoguePartner(llm::ChatProvider& provider) : provider_(provider) {}

  base::Result<dialogue::CoachTurn> Begin(dialogue::DialogueState& state, std::stop_token stop = {}) override;
  base::Result<dialogue::CoachTurn> Reply(dialogue::DialogueState& state, std::string_view heard,
                                          std::stop_token stop = {}) override;

 private:
  // `scripted` in the model's words; `state` is as after it. kCancelled.
  base::Result<dialogue::CoachTurn> Word(const dialogue::DialogueState& state, dialogue::CoachTurn scripted,
                                         std::string_view heard, const std::stop_token& stop);

  llm::ChatProvider& provider_;
  dialogue::ScriptedPartner script_;
};

}  // namespace speechcoach::advice
