// Which of its pronunciations each word was most likely said with, and when each phone of it.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "pronunciation/phone_head.h"
#include "pronunciation/reference_text.h"

namespace speechcoach::pronunciation {

struct AlignedPhone {
  Sound sound;
  std::size_t word = 0;         // index into the reference text
  std::size_t first_frame = 0;  // of the frames that the best path spends in this phone
  std::size_t last_frame = 0;   // >= first_frame
};

struct Alignment {
  std::vector<AlignedPhone> phones;        // in order
  std::vector<std::size_t> pronunciation;  // of each word: which was chosen
  double log_likelihood = 0.0;             // of the best path
};

// The best path (Viterbi 1967) through all pronunciations of all words at once, blanks between phones optional. None where the text is empty
// or has more phones than the recording has frames. Ties go to the pronunciation listed first. Pure.
std::optional<Alignment> Align(const Posteriors& posteriors, const ReferenceText& text);

}  // namespace speechcoach::pronunciation
