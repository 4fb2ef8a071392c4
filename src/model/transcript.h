// What was heard.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace speechcoach::model {

struct Word {
  std::string text;          // as written, punctuation attached: "today?"
  double start_s = 0.0;      // from the start of the recording
  double end_s = 0.0;        // >= start_s, <= the recording's duration
  double confidence = 0.0;   // [0, 1], the share of such words that are right
  double probability = 0.0;  // [0, 1], as the decoder gives it: the geometric mean over the word's tokens
};

// The geometric mean over the words; 0 where there are none.
inline double MeanProbability(const std::vector<Word>& words) {
  constexpr double kLeast = 1e-6;
  if (words.empty()) return 0.0;
  double log_sum = 0.0;
  for (const Word& word : words) log_sum += std::log(std::max(word.probability, kLeast));
  return std::exp(log_sum / static_cast<double>(words.size()));
}

struct Transcript {
  std::string text;
  std::vector<Word> words;     // in time order
  double confidence = 0.0;     // [0, 1], over all words; 0 where there are none
  std::string model;           // which weights made it: "base", "tiny.en"
  bool used_fallback = false;  // true where the configured model could not serve
  // ISO 639-1: "en", or another one ("vi") where the speech model writes the sound plainly better in that; the text is English all the
  // same, and then means little; "und" where it doubts English. Empty where nothing was heard, or by a model of English alone.
  std::string language{};
};

}  // namespace speechcoach::model
