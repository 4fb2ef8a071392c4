#include "stt/internal/local_agreement.h"

#include <algorithm>
#include <cctype>
#include <iterator>
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

}  // namespace

void LocalAgreement::Hear(std::vector<model::Word> heard) {
  const std::size_t known = stable_ - forgotten_;
  std::size_t agreed = known;
  while (agreed < heard.size() && forgotten_ + agreed < words_.size() &&
         Letters(heard[agreed].text) == Letters(words_[forgotten_ + agreed].text)) {
    ++agreed;
  }
  const std::size_t kept = std::min(known, heard.size());
  words_.resize(stable_);
  words_.insert(words_.end(), std::make_move_iterator(heard.begin() + static_cast<std::ptrdiff_t>(kept)), std::make_move_iterator(heard.end()));
  // A hearing that places its words anew never puts them before what is shown already.
  for (std::size_t i = std::max<std::size_t>(stable_, 1); i < words_.size(); ++i) {
    words_[i].start_s = std::max(words_[i].start_s, words_[i - 1].end_s);
    words_[i].end_s = std::max(words_[i].end_s, words_[i].start_s);
  }
  stable_ = std::max(stable_, forgotten_ + agreed);
}

double LocalAgreement::Forget(double end_s) {
  while (forgotten_ < stable_ && words_[forgotten_].end_s <= end_s) ++forgotten_;
  return forgotten_ == 0 ? 0.0 : words_[forgotten_ - 1].end_s;
}

}  // namespace speechcoach::stt
