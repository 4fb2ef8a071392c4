// What a language model is told about a recording: one by one, the few things that are true and most worth saying, never a figure. It
// writes a figure's name in braces, "{long_pauses.n}", and the exact value is put in afterwards: no model can get a number wrong, and whoever
// has the same point to hear can hear it in the same words.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "scoring/scoring.h"

namespace speechcoach::scoring {

struct FactPoint {
  bool is_praise = false;
  std::string json;  // {"about", and its words, sounds, names of figures}; the same point gives the same bytes
};

struct FactSheet {
  std::string audience;           // "beginner", "intermediate", "advanced"
  std::vector<FactPoint> points;  // as they are told: what went well, then what to work on, the most useful first
  // The rules' words around them. What could not be measured stands between praise and advice, and may be empty.
  std::string opening;
  std::string unknowns;
  std::string closing;
  std::vector<std::string> phrases;  // ids of the phrases in these

  std::string evidence;                                      // every finding, told or not: what may be said without being wrong
  std::vector<std::pair<std::string, std::string>> figures;  // name without braces, the value as the locale writes it
  std::vector<std::string> praised;                          // names of the figures of what went well
};

// Pure.
FactSheet Facts(const Evidence& evidence, const ScoreReport& report);

}  // namespace speechcoach::scoring
