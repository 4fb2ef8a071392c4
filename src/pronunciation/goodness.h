// Alignment-free goodness of pronunciation: how much better the sound would fit if one phone were another, missing, or one more.
// (Cao et al., "A Framework for Phoneme-Level Pronunciation Assessment Using CTC", Interspeech 2024, after Witt and Young 2000.)
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "pronunciation/internal/ctc.h"
#include "pronunciation/phone_head.h"
#include "pronunciation/phone_set.h"

namespace speechcoach::pronunciation {

// Natural logarithms of p(changed sequence) / p(sequence), each over all alignments, exact.
struct Goodness {
  std::vector<std::array<double, kPhoneCount>> substituted;  // [phone i][by q]; 0 for its own phone
  std::vector<double> deleted;                               // [phone i]
  std::vector<std::array<double, kPhoneCount>> inserted;     // [before phone i; one more row for after the last][q]
};

// The likelihood of one sequence and of all that are one change away from it, from one forward and one backward pass. Immutable; thread-safe.
// `posteriors` outlives it.
class SequenceLikelihoods {
 public:
  SequenceLikelihoods(const Posteriors& posteriors, std::vector<Phone> phones);

  // Of the whole sequence; -infinity where it cannot fit into the frames.
  double log_likelihood() const { return log_likelihood_; }

  // log p(the sequence with its phones [begin, end) replaced by `others`) - log p(the sequence); -infinity where the other is impossible, 0
  // where the sequence itself is. O(frames * others).
  double LogRatio(std::size_t begin, std::size_t end, std::span<const Phone> others) const;

  // Every single substitution, deletion and insertion; for each phone one recurrence does all substitutes together:
  // O(frames * phones * kPhoneCount). Zeros where the sequence itself is impossible.
  Goodness MeasureGoodness() const;

 private:
  struct Slot;
  Slot SlotOf(std::size_t begin, std::size_t end) const;
  double WithoutRange(std::size_t begin, std::size_t end) const;
  std::array<double, kPhoneCount> RatiosOfEach(const Slot& slot) const;

  const Posteriors& posteriors_;
  std::vector<Phone> phones_;
  std::vector<double> log_best_;                         // of each frame's phones
  std::vector<std::array<double, kPhoneCount>> shares_;  // each frame's phone probabilities relative to that
  CtcTable forward_;
  CtcTable backward_;
  double log_likelihood_ = 0.0;
};

}  // namespace speechcoach::pronunciation
