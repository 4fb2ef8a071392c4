#include "stt/internal/local_agreement.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <numeric>
#include <span>
#include <string>

namespace speechcoach::stt {
namespace {

// Marks and capitals come and go as a sentence grows; they do not make it another word.
std::string Letters(const std::string& text) {
  std::string letters;
  for (const unsigned char c : text) {
    if (std::isalnum(c) != 0 || c == '\'') letters += static_cast<char>(std::tolower(c));
  }
  return letters;
}

bool AreSame(const model::Word& one, const model::Word& other) { return Letters(one.text) == Letters(other.text); }

// How many of the heard words are the known ones: as many as differ from them in the fewest words (Levenshtein) and end on the last known one.
// Where none of such numbers ends there ("it is" was heard again as "it's"), those spoken before the known ones end.
std::size_t WordsLike(std::span<const model::Word> known, std::span<const model::Word> heard) {
  if (known.empty()) return 0;
  std::vector<std::size_t> edits(heard.size() + 1);  // of the first so many heard words
  std::iota(edits.begin(), edits.end(), std::size_t{0});
  for (const model::Word& word : known) {
    std::size_t diagonal = edits.front()++;
    for (std::size_t i = 1; i < edits.size(); ++i) {
      const std::size_t replaced = diagonal + (AreSame(word, heard[i - 1]) ? 0 : 1);
      diagonal = edits[i];
      edits[i] = std::min({replaced, edits[i] + 1, edits[i - 1] + 1});
    }
  }
  const std::size_t fewest = *std::ranges::min_element(edits);
  for (std::size_t count = 1; count < edits.size(); ++count) {
    if (edits[count] == fewest && AreSame(known.back(), heard[count - 1])) return count;
  }
  const auto behind = std::ranges::find_if(
      heard, [&](const model::Word& word) { return (word.start_s + word.end_s) / 2.0 >= known.back().end_s; });
  return static_cast<std::size_t>(behind - heard.begin());
}

}  // namespace

void LocalAgreement::Hear(std::vector<model::Word> heard) {
  const std::span<const model::Word> shown(words_);
  const std::size_t known = WordsLike(shown.subspan(forgotten_, stable_ - forgotten_), heard);
  std::size_t agreed = 0;
  while (known + agreed < heard.size() && stable_ + agreed < words_.size() &&
         AreSame(heard[known + agreed], words_[stable_ + agreed]))
    ++agreed;
  words_.resize(stable_);
  words_.insert(words_.end(), std::make_move_iterator(heard.begin() + static_cast<std::ptrdiff_t>(known)),
                std::make_move_iterator(heard.end()));
  // A hearing that places its words anew never puts them before what is shown already.
  for (std::size_t i = std::max<std::size_t>(stable_, 1); i < words_.size(); ++i) {
    words_[i].start_s = std::max(words_[i].start_s, words_[i - 1].end_s);
    words_[i].end_s = std::max(words_[i].end_s, words_[i].start_s);
  }
  stable_ += agreed;
}

void LocalAgreement::Settle(double end_s) {
  while (stable_ < words_.size() && words_[stable_].end_s <= end_s) ++stable_;
}

double LocalAgreement::Forget(double end_s) {
  while (forgotten_ < stable_ && words_[forgotten_].end_s <= end_s) ++forgotten_;
  return forgotten_ == 0 ? 0.0 : words_[forgotten_ - 1].end_s;
}

}  // namespace speechcoach::stt
