#include "pronunciation/internal/ctc.h"

#include <algorithm>

namespace speechcoach::pronunciation {
namespace {

// The class that a state emits.
std::size_t ClassOf(std::size_t state, std::span<const Phone> phones) { return state % 2 == 0 ? kBlank : phones[state / 2] + 1u; }

// A path may go from one phone straight to the next unless they are the same.
bool MaySkipInto(std::size_t state, std::span<const Phone> phones) {
  return state % 2 == 1 && state >= 3 && phones[state / 2] != phones[state / 2 - 1];
}

}  // namespace

CtcTable Forward(const Posteriors& posteriors, std::span<const Phone> phones) {
  CtcTable table(posteriors.frames, phones.size());
  if (posteriors.frames == 0) return table;
  const std::size_t states = table.states();
  for (std::size_t s = 0; s < std::min<std::size_t>(states, 2); ++s) table.at(0, s) = posteriors.frame(0)[ClassOf(s, phones)];
  for (std::size_t t = 1; t < posteriors.frames; ++t) {
    const auto frame = posteriors.frame(t);
    const std::size_t reachable = std::min(states, 2 * t + 2);
    for (std::size_t s = 0; s < reachable; ++s) {
      double sum = table.at(t - 1, s);
      if (s >= 1) sum = LogAdd(sum, table.at(t - 1, s - 1));
      if (MaySkipInto(s, phones)) sum = LogAdd(sum, table.at(t - 1, s - 2));
      table.at(t, s) = sum + frame[ClassOf(s, phones)];
    }
  }
  return table;
}

CtcTable Backward(const Posteriors& posteriors, std::span<const Phone> phones) {
  CtcTable table(posteriors.frames, phones.size());
  if (posteriors.frames == 0) return table;
  const std::size_t states = table.states();
  const std::size_t last = posteriors.frames - 1;
  for (std::size_t s = states - std::min<std::size_t>(states, 2); s < states; ++s)
    table.at(last, s) = posteriors.frame(last)[ClassOf(s, phones)];
  for (std::size_t t = last; t-- > 0;) {
    const auto frame = posteriors.frame(t);
    const std::size_t left = 2 * (last - t) + 2;
    for (std::size_t s = states > left ? states - left : 0; s < states; ++s) {
      double sum = table.at(t + 1, s);
      if (s + 1 < states) sum = LogAdd(sum, table.at(t + 1, s + 1));
      if (s + 2 < states && MaySkipInto(s + 2, phones)) sum = LogAdd(sum, table.at(t + 1, s + 2));
      table.at(t, s) = sum + frame[ClassOf(s, phones)];
    }
  }
  return table;
}

double LogLikelihood(const CtcTable& forward, std::size_t frames) {
  const std::size_t states = forward.states();
  const double in_blank = forward.at(frames - 1, states - 1);
  return states == 1 ? in_blank : LogAdd(in_blank, forward.at(frames - 1, states - 2));
}

}  // namespace speechcoach::pronunciation
