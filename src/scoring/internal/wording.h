// Which of several wordings is used, with its values filled in.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scoring/internal/phrase_book.h"

namespace speechcoach::scoring {

using PhraseValues = std::vector<std::pair<std::string_view, std::string>>;

// One feedback's choice of phrases. Among those that suit the audience it takes one that this feedback has not used and
// the learner's last one (`avoid`) did not use either, as far as there are such; which of them follows from `seed` alone.
class Wording {
 public:
  Wording(const PhraseBook& book, Audience audience, std::uint64_t seed, std::span<const std::string> avoid = {});

  // Empty where the book has nothing on it.
  std::string Of(Role role, Topic topic, const PhraseValues& values = {});

  // The ids of the phrases used so far, in order.
  const std::vector<std::string>& used() const { return used_; }

 private:
  const PhraseBook& book_;
  Audience audience_;
  std::uint64_t seed_;
  std::vector<std::string> avoid_;
  std::vector<std::string> used_;
};

// FNV-1a (Fowler, Noll and Vo): the same on every machine and in every version, which std::hash does not promise.
class StableHash {
 public:
  void Add(std::string_view text);
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325;
};

// "7,3" and "7" in Vietnamese, "7.3" and "7.0" in English: the one form of scores and seconds in every text.
std::string OneDecimal(double value, model::Locale locale);

}  // namespace speechcoach::scoring
