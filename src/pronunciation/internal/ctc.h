// Forward and backward variables of connectionist temporal classification (Graves et al. 2006), natural logarithms.
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "pronunciation/phone_head.h"
#include "pronunciation/phone_set.h"

namespace speechcoach::pronunciation {

inline constexpr double kImpossible = -std::numeric_limits<double>::infinity();

inline double LogAdd(double a, double b) {
  if (a < b) std::swap(a, b);
  if (b == kImpossible || b - a < -40.0) return a;
  return a + std::log1p(std::exp(b - a));
}

// State 2i is the blank before phone i, state 2i + 1 is phone i, the last state is the blank after all.
class CtcTable {
 public:
  CtcTable(std::size_t frames, std::size_t phones) : states_(2 * phones + 1), values_(frames * states_, kImpossible) {}
  double& at(std::size_t t, std::size_t s) { return values_[t * states_ + s]; }
  double at(std::size_t t, std::size_t s) const { return values_[t * states_ + s]; }
  std::size_t states() const { return states_; }

 private:
  std::size_t states_;
  std::vector<double> values_;
};

// at(t, s): of all paths through frames 0..t that end in s.
CtcTable Forward(const Posteriors& posteriors, std::span<const Phone> phones);
// at(t, s): of all paths through frames t..end that begin in s.
CtcTable Backward(const Posteriors& posteriors, std::span<const Phone> phones);

// Of the whole sequence.
double LogLikelihood(const CtcTable& forward, std::size_t frames);

}  // namespace speechcoach::pronunciation
