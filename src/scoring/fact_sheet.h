// What a language model is told about a recording: the few things that are true and most worth saying, never a figure. It writes a
// figure's name in braces, "{long_pauses.n}", and the exact value is put in afterwards: no model can get a number wrong, and
// recordings of which the same is true share one answer.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/scores.h"
#include "scoring/scoring.h"

namespace speechcoach::scoring {

struct FactSheet {
  std::string json;  // the same facts give the same bytes
  std::string key;   // the same but for capitals and punctuation, which a recogniser sets as it likes: what equal questions go by
  std::string evidence;  // every finding, told or not: what may be said without being wrong
  std::vector<std::pair<std::string, std::string>> figures;  // name without braces, the value as the locale writes it
  std::vector<std::string> praised;  // names of the figures of what went well
};

// Pure. The transcript in it is as the learner said it: data, whatever it says.
FactSheet Facts(const Evidence& evidence, const ScoreReport& report);

}  // namespace speechcoach::scoring
