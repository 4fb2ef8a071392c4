// What was heard, laid word by word against what was to be read. Letter case, punctuation, contractions, figures, British
// and American spelling, joined words ("every day", "everyday") and words that sound alike make no difference.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/scores.h"

namespace speechcoach::scoring {

// What became of one spoken word of the reference.
struct ReadingOutcome {
  enum class Kind { kRead, kReplaced, kOmitted };
  Kind kind = Kind::kOmitted;
  std::optional<std::size_t> heard_word;  // index into the heard words; none where omitted
  double similarity = 0.0;                // of the letters, [0, 1]; 1 where read
};

struct ReadingComparison {
  // One for each spoken word of the reference: a contraction or a figure counts as the words it stands for.
  std::vector<ReadingOutcome> outcomes;
  std::size_t inserted = 0;            // spoken words that the reference does not have
  std::size_t reference_words = 0;     // as written
  std::size_t words_read = 0;          // written words of which every part was heard
  std::vector<model::Miscue> miscues;  // in reading order, words as written without the punctuation around them
};

// The alignment with the largest total worth (Needleman and Wunsch 1970), where a word read is worth more than one replaced by a
// similar one, that more than an omission, and an insertion costs. Pure; at most 1,000 spoken words a side are looked at.
ReadingComparison CompareReading(std::string_view reference, std::span<const std::string> heard_words);

// How alike two words are written: 1 - edit distance / length of the longer, [0, 1].
double LetterSimilarity(std::string_view a, std::string_view b);

}  // namespace speechcoach::scoring
