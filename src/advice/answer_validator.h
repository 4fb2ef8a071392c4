// Whether an answer may be shown to a learner. A model that was talked over by a transcript, or that errs, is found out here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "advice/answer.h"
#include "scoring/fact_sheet.h"
#include "scoring/scoring.h"

namespace speechcoach::advice {

// Holds what an answer to one recording may say. Const calls are thread-safe.
class AnswerValidator {
 public:
  // `system`: the instructions, which must not leak. Nothing given need outlive the call.
  AnswerValidator(const scoring::Evidence& evidence, const scoring::ScoreReport& report, scoring::FactSheet facts,
                  std::string_view system);

  // What is wrong, in a sentence for the model; empty where the answer may be shown: it has the form asked for; every text is
  // there, of fitting length and in the right language; every figure is the evidence's and stands for what it measures; every
  // English or quoted word was said, was to be read or is in the facts; nothing of the prompt leaks; no link, no markup; no
  // praise or blame that the scores refuse.
  std::string FaultOf(std::string_view answer) const;

  // The same for a piece of one text, e.g. a sentence that is shown while the rest still comes in.
  std::string FaultOfText(std::string_view text) const;

  const scoring::FactSheet& facts() const { return facts_; }

 private:
  std::string FaultOfLanguage(std::string_view outside) const;
  std::string FaultOfNumbers(std::string_view outside) const;
  std::string FaultOfQuotes(const std::vector<std::string>& quoted) const;
  std::string FaultOfPlaces(std::string_view text) const;
  std::string FaultOfSounds(std::string_view text) const;
  std::string FaultOfTone(std::string_view lower) const;
  std::string FaultOfLeak(std::string_view lower) const;
  bool WasSaid(const std::vector<std::string>& words) const;

  model::Locale locale_;
  model::Scores scores_;
  scoring::FactSheet facts_;
  std::vector<std::vector<std::string>> sources_;  // words of transcript, reference, facts
  std::vector<std::string> numbers_;               // canonical
  std::vector<std::vector<std::string>> prompt_runs_;
};

}  // namespace speechcoach::advice
