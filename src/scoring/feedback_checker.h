// Holds a feedback against the evidence without asking the code that wrote it: numbers, quoted words and sounds are searched
// in the raw evidence, and what is claimed in words is looked up in a list of claims, each with the fact that must hold.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/scores.h"
#include "scoring/scoring.h"

namespace speechcoach::scoring {

// What is wrong, one sentence each; empty where every statement holds.
std::vector<std::string> FaultsOf(const model::Feedback& feedback, const Evidence& evidence, const ScoreReport& report);

// Whether the checker knows what this text claims: a statement that no claim matches would pass unchecked.
bool IsClaimKnown(std::string_view text, model::Locale locale);

}  // namespace speechcoach::scoring
