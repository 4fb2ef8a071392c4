// Whether a language model's turn of a conversation may be said to the learner.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dialogue/dialogue_partner.h"

namespace speechcoach::advice {

// Holds what a turn after `heard` may say. Const calls are thread-safe.
class TurnValidator {
 public:
  // `heard`: the learner's turn before it, empty where there is none; `level`: CEFR; `system`: the instructions, which must not leak.
  TurnValidator(std::string_view heard, std::string_view level, std::string_view system);

  // What is wrong, in a sentence for the model; empty where the turn may be said: the form asked for; a short English turn of the
  // learner's level; Vietnamese help; corrections of words that the learner said, of grammar and vocabulary alone, with a reason in
  // Vietnamese; no link, no markup, nothing of the instructions.
  std::string FaultOf(std::string_view answer) const;

 private:
  std::string FaultOfSay(const std::string& say) const;
  std::string FaultOfVietnamese(const std::string& text, const std::vector<std::vector<std::string>>& sources) const;
  std::string FaultOfCorrection(const dialogue::Correction& correction) const;

  std::vector<std::string> heard_;
  std::size_t most_words_;
  std::vector<std::vector<std::string>> prompt_runs_;
};

// The answer as a turn. A correction that changes nothing but signs or capitals is left out: the machine wrote those. Errors: kBadJson.
base::Result<dialogue::CoachTurn> ParseTurn(std::string_view answer);

}  // namespace speechcoach::advice
