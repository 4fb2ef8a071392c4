// The wording of everything the coach can say, as data/feedback/phrases.*.json holds it.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "model/session.h"
#include "scoring/internal/topic.h"

namespace speechcoach::scoring {

// Whom a phrase suits: beginners (A1, A2), advanced learners (B2, C1), or everybody.
enum class Audience { kEverybody, kBasic, kAdvanced };

// Of a CEFR level; kEverybody for B1 and where it is not known.
Audience AudienceOf(std::string_view level);

struct Phrase {
  std::string id;    // "fluent/said/2", of the topic, the role and its place
  std::string text;  // {name} stands for a value
  Audience audience = Audience::kEverybody;
};

class PhraseBook {
 public:
  // Errors: kBadConfig, with the key that is wrong: an unknown topic, role or audience, or an empty list.
  static base::Result<PhraseBook> Parse(std::string_view json);

  // Empty where the topic is never said in that role.
  std::span<const Phrase> Of(Topic topic, Role role) const;
  // What a score is called inside a sentence: "fluency" -> "độ trôi chảy".
  std::string_view Area(std::string_view score) const;

 private:
  std::array<std::array<std::vector<Phrase>, 2>, kTopicCount> phrases_;
  std::vector<std::pair<std::string, std::string>> areas_;
};

// The book inside the program.
const PhraseBook& PhrasesIn(model::Locale locale);

}  // namespace speechcoach::scoring
