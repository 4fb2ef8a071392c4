// Posteriors and texts for tests.
#pragma once

#include <cmath>
#include <string_view>
#include <vector>

#include "pronunciation/phone_head.h"
#include "pronunciation/reference_text.h"

namespace speechcoach::pronunciation {

inline Phone P(std::string_view name) { return *PhoneFromName(name); }

// Rows of any numbers become log probabilities.
inline Posteriors PosteriorsOf(const std::vector<std::vector<double>>& scores) {
  Posteriors posteriors;
  posteriors.frames = scores.size();
  for (const std::vector<double>& row : scores) {
    double sum = 0.0;
    for (std::size_t k = 0; k < kClassCount; ++k) sum += std::exp(k < row.size() ? row[k] : 0.0);
    for (std::size_t k = 0; k < kClassCount; ++k) {
      posteriors.log_probability.push_back(static_cast<float>((k < row.size() ? row[k] : 0.0) - std::log(sum)));
    }
  }
  return posteriors;
}

// One frame for each class name, "-" for the blank, which gets `share` of the probability.
inline Posteriors Saying(const std::vector<std::string_view>& frames, double share = 0.9) {
  Posteriors posteriors;
  posteriors.frames = frames.size();
  for (const std::string_view name : frames) {
    const std::size_t said = name == "-" ? kBlank : P(name) + 1u;
    for (std::size_t k = 0; k < kClassCount; ++k) {
      posteriors.log_probability.push_back(static_cast<float>(std::log(k == said ? share : (1.0 - share) / (kClassCount - 1))));
    }
  }
  return posteriors;
}

inline Pronunciation Sounds(const std::vector<std::string_view>& names) {
  Pronunciation pronunciation;
  for (const std::string_view name : names) pronunciation.push_back(*SoundFromName(name));
  return pronunciation;
}

}  // namespace speechcoach::pronunciation
