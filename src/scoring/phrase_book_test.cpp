#include "scoring/internal/phrase_book.h"

#include <algorithm>
#include <regex>
#include <set>

#include <gtest/gtest.h>

#include "scoring/internal/embedded_phrases.h"

namespace speechcoach::scoring {
namespace {

std::set<std::string> PlaceholdersOf(std::span<const Phrase> phrases) {
  static const std::regex kPlaceholder("\\{[a-z]+\\}");
  std::set<std::string> names;
  for (const Phrase& phrase : phrases) {
    for (std::sregex_iterator it(phrase.text.begin(), phrase.text.end(), kPlaceholder), end; it != end; ++it)
      names.insert(it->str());
  }
  return names;
}

template <typename Check>
void ForEachRow(Check check) {
  for (int i = 0; i < kTopicCount; ++i) {
    const auto topic = static_cast<Topic>(i);
    for (const Role role : {Role::kSaid, Role::kListed}) {
      SCOPED_TRACE(std::string(Name(topic)) + "/" + std::string(Name(role)));
      check(topic, role);
    }
  }
}

TEST(PhraseBookTest, TheFilesInTheProgramAreRead) {
  for (const EmbeddedFile& file : EmbeddedPhrases()) {
    const auto book = PhraseBook::Parse(file.content);
    EXPECT_TRUE(book.ok()) << file.name << ": " << book.error().message;
  }
}

TEST(PhraseBookTest, BothLanguagesSayTheSameThings) {
  ForEachRow([](Topic topic, Role role) {
    const auto vi = PhrasesIn(model::Locale::kVi).Of(topic, role);
    const auto en = PhrasesIn(model::Locale::kEn).Of(topic, role);
    EXPECT_EQ(vi.empty(), en.empty());
    EXPECT_EQ(PlaceholdersOf(vi), PlaceholdersOf(en));
  });
}

TEST(PhraseBookTest, EveryTopicCanBeSaidOrListed) {
  ForEachRow([](Topic topic, Role role) {
    const bool only_listed = topic == Topic::kWordAgain || topic == Topic::kSoundTip ||
                             (topic >= Topic::kTipFinalS && topic <= Topic::kTipFinalConsonant);
    const bool both = topic >= Topic::kEveryWordRead && topic <= Topic::kNextChallenge;
    const bool present = !PhrasesIn(model::Locale::kVi).Of(topic, role).empty();
    EXPECT_EQ(present, role == Role::kListed ? both || only_listed : !only_listed);
  });
}

// Two suit each audience, so that no learner reads the same one twice in a row; the sentence for a busy system is one.
TEST(PhraseBookTest, ThereIsAlwaysAnotherWording) {
  for (const auto locale : {model::Locale::kVi, model::Locale::kEn}) {
    ForEachRow([&](Topic topic, Role role) {
      const auto phrases = PhrasesIn(locale).Of(topic, role);
      if (!phrases.empty() && topic != Topic::kDegraded) {
        EXPECT_GE(std::ranges::count(phrases, Audience::kEverybody, &Phrase::audience), 2);
      }
    });
  }
}

TEST(PhraseBookTest, VietnameseIsWrittenInFull) {
  std::set<std::string_view> all;
  ForEachRow([&](Topic topic, Role role) {
    for (const Phrase& phrase : PhrasesIn(model::Locale::kVi).Of(topic, role)) {
      const std::string& text = phrase.text;
      SCOPED_TRACE(text);
      EXPECT_TRUE(all.insert(text).second) << "twice in the book";
      EXPECT_TRUE(std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) << "no diacritics";
      // Combining marks (U+0300-U+036F, bytes CC 80 - CD AF) do not occur in normal form C.
      for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const auto next = static_cast<unsigned char>(text[i + 1]);
        EXPECT_FALSE(lead == 0xCC || (lead == 0xCD && next < 0xB0)) << "not in normal form C";
      }
      EXPECT_EQ(std::string_view(".!").find(text.back()) != std::string_view::npos, role == Role::kSaid);
    }
  });
  EXPECT_GE(all.size(), 300u);
}

TEST(PhraseBookTest, SaysWhatIsWrongWithAFile) {
  const auto fault_of = [](std::string_view json) {
    const auto book = PhraseBook::Parse(json);
    return book.ok() ? std::string() : book.error().message;
  };
  EXPECT_EQ(fault_of(R"({"areas": {}, "topics": {"fluent": {"said": ["a", {"text": "b", "level": "basic"}]}}})"), "");
  EXPECT_NE(fault_of(R"({"areas": {}, "topics": {"flüent": {"said": ["a"]}}})").find("no such topic"), std::string::npos);
  EXPECT_NE(fault_of(R"({"areas": {}, "topics": {"fluent": {"sung": ["a"]}}})").find("sung"), std::string::npos);
  EXPECT_NE(fault_of(R"({"areas": {}, "topics": {"fluent": {"said": []}}})").find("nothing to say"), std::string::npos);
  EXPECT_NE(fault_of(R"({"areas": {}, "topics": {"fluent": {"said": [{"text": "b", "level": "A1"}]}}})"), "");
  EXPECT_NE(fault_of("phrases"), "");
}

}  // namespace
}  // namespace speechcoach::scoring
