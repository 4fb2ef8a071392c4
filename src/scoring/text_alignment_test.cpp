#include "scoring/text_alignment.h"

#include <sstream>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "scoring/internal/spoken_words.h"
#include "scoring/internal/syllables.h"
#include "text/english_numbers.h"

namespace speechcoach::scoring {
namespace {

using Kind = model::MiscueKind;

std::vector<std::string> Split(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

ReadingComparison Compare(const std::string& reference, const std::string& heard) {
  return CompareReading(reference, Split(heard));
}

std::string Describe(const std::vector<model::Miscue>& miscues) {
  std::string text;
  for (const model::Miscue& miscue : miscues) {
    if (!text.empty()) text += ' ';
    if (miscue.kind == Kind::kOmitted) text += "-" + miscue.expected;
    if (miscue.kind == Kind::kInserted) text += "+" + miscue.heard;
    if (miscue.kind == Kind::kReplaced) text += miscue.expected + ">" + miscue.heard;
  }
  return text;
}

std::string Spoken(const std::string& text) {
  std::string spoken;
  for (const SpokenToken& token : ToSpoken(text).tokens) spoken += (spoken.empty() ? "" : " ") + token.text;
  return spoken;
}

struct SameCase {
  const char* written;
  const char* heard;
};
class SameSpeechTest : public testing::TestWithParam<SameCase> {};

TEST_P(SameSpeechTest, HasNoMiscue) {
  const auto comparison = Compare(GetParam().written, GetParam().heard);
  EXPECT_EQ(Describe(comparison.miscues), "");
  EXPECT_EQ(comparison.inserted, 0u);
  EXPECT_EQ(comparison.words_read, comparison.reference_words);
}

INSTANTIATE_TEST_SUITE_P(
    Spelling, SameSpeechTest,
    testing::Values(
        SameCase{"Hello, how are you?", "hello how are you"}, SameCase{"I'm here; I don't know.", "I am here. I do not know."},
        SameCase{"I’m fine…", "I'm fine."}, SameCase{"We won't, and she can't.", "we will not and she cannot"},
        SameCase{"It's twenty-five dollars.", "it is $25"}, SameCase{"The 3rd of May", "the third of May"},
        SameCase{"one hundred and five people", "105 people"}, SameCase{"in 1999", "in nineteen ninety-nine"},
        SameCase{"at half past seven, 7:30", "at half past 7 seven thirty"}, SameCase{"ten percent", "10%"},
        SameCase{"1,250 students", "one thousand two hundred fifty students"}, SameCase{"3.5 metres", "three point five meters"},
        SameCase{"every day", "everyday"}, SameCase{"my grandparents", "my grand parents"},
        SameCase{"Our neighbours apologised.", "our neighbors apologized"},
        SameCase{"Let's go to the theatre", "let us go too the theater"}, SameCase{"Mr. Brown's dog", "mister Browns dog"},
        SameCase{"a well-known film", "a well known film"}, SameCase{"What — no?", "what no"},
        SameCase{"8 o'clock", "eight o'clock"}, SameCase{"at 8:00", "at eight o'clock"}));

TEST(CompareReadingTest, NamesEachKindOfMiscueAsWritten) {
  EXPECT_EQ(Describe(Compare("She reads two Books.", "she reads two").miscues), "-Books");
  EXPECT_EQ(Describe(Compare("She reads books.", "she often reads books").miscues), "+often");
  EXPECT_EQ(Describe(Compare("She reads books.", "she reads book.").miscues), "books>book");
  EXPECT_EQ(Describe(Compare("I don't know", "I do know").miscues), "don't>do");
  EXPECT_EQ(Describe(Compare("I do know", "I don't know").miscues), "do>don't");
  EXPECT_EQ(Describe(Compare("twenty-five cats", "20 cats").miscues), "twenty-five>20");
}

TEST(CompareReadingTest, KeepsReadingOrder) {
  EXPECT_EQ(Describe(Compare("the cat sat on the mat", "well the cap sat the mat yes").miscues), "+well cat>cap -on +yes");
}

TEST(CompareReadingTest, ASecondTryIsAnInsertion) {
  const auto comparison = Compare("I like green tea", "I like I like green tea");
  EXPECT_EQ(comparison.words_read, 4u);
  EXPECT_EQ(comparison.inserted, 2u);
}

TEST(CompareReadingTest, NothingHeardOmitsEverything) {
  const auto comparison = Compare("good morning", "");
  EXPECT_EQ(Describe(comparison.miscues), "-good -morning");
  EXPECT_EQ(comparison.words_read, 0u);
}

TEST(CompareReadingTest, WordsWithoutSoundAreNotHeard) {
  EXPECT_EQ(Describe(Compare("good morning", "- good ... morning !").miscues), "");
}

TEST(SpokenWordsTest, SaysWhatIsWritten) {
  EXPECT_EQ(Spoken("She's $5.50 short & it's 2:05pm"), "she is five dollars fifty short and it is to oh five pm");
  EXPECT_EQ(Spoken("the 1990s, 2005, 2024 and 007"),
            "the nineteen nineties to thousand five twenty twenty four and zero zero seven");
  EXPECT_EQ(Spoken("Café “Hà Nội”"), "café hà nội");
  EXPECT_EQ(Spoken("  —  ?! "), "");
}

TEST(SpokenWordsTest, IsBounded) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "word ";
  EXPECT_EQ(ToSpoken(text).tokens.size(), kMaxSpokenTokens);
}

TEST(SyllablesTest, FollowsTheSpelling) {
  const std::vector<std::pair<const char*, int>> words{{"cat", 1},    {"rice", 1},   {"asked", 1},   {"wanted", 2}, {"table", 2},
                                                       {"banana", 3}, {"the", 1},    {"usually", 3}, {"three", 1},  {"family", 3},
                                                       {"played", 1}, {"needed", 2}, {"", 1},        {"hmm", 1}};
  for (const auto& [word, syllables] : words) EXPECT_EQ(SyllablesOf(word), syllables) << word;
}

TEST(EnglishNumbersTest, RefusesWhatIsNoNumber) {
  for (const char* written : {"", "abc", "1a2", "7:3", ":30", "$", "%", ".", "1.2.3", "st", "-5"}) {
    EXPECT_FALSE(text::SpellNumber(written).has_value()) << written;
  }
  for (const char* written : {"", "abc", "1/", "/2", "40/05/2024", "1.2.3", "1-2-3", "-", "1 2", "1/2/", "-abc", "10-"}) {
    EXPECT_TRUE(text::NumberReadings(written).empty()) << written;
  }
  EXPECT_TRUE(text::SpellNumber("12345678901234567890").has_value());
}

RC_GTEST_PROP(CompareReadingProperty, AnyTextMatchesItself, (const std::string& text)) {
  const SpokenText spoken = ToSpoken(text);
  const auto comparison = CompareReading(text, spoken.words);
  RC_ASSERT(comparison.miscues.empty());
}

RC_GTEST_PROP(CompareReadingProperty, CountsAddUp, (const std::string& reference, const std::vector<std::string>& heard)) {
  const auto comparison = CompareReading(reference, heard);
  RC_ASSERT(comparison.words_read <= comparison.reference_words);
  for (const ReadingOutcome& outcome : comparison.outcomes) {
    RC_ASSERT(outcome.similarity >= 0.0 && outcome.similarity <= 1.0);
    RC_ASSERT(outcome.heard_word.has_value() == (outcome.kind != ReadingOutcome::Kind::kOmitted));
    if (outcome.heard_word) RC_ASSERT(*outcome.heard_word < heard.size());
  }
  for (const model::Miscue& miscue : comparison.miscues) {
    RC_ASSERT(miscue.expected.empty() == (miscue.kind == Kind::kInserted));
    RC_ASSERT(miscue.heard.empty() == (miscue.kind == Kind::kOmitted));
  }
}

}  // namespace
}  // namespace speechcoach::scoring
