#include "pronunciation/reference_text.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "pronunciation/letter_to_sound.h"
#include "pronunciation/pronouncing_dictionary.h"

namespace speechcoach::pronunciation {
namespace {

std::string Written(const Pronunciation& pronunciation) {
  std::string text;
  for (const Sound& sound : pronunciation) {
    if (!text.empty()) text += ' ';
    text += PhoneName(sound.phone);
    if (sound.stress != Stress::kConsonant) text += static_cast<char>('0' + static_cast<int>(sound.stress));
  }
  return text;
}

// The usual pronunciation of the whole text.
std::string Said(std::string_view text) {
  std::string said;
  for (const ReferenceWord& word : ToReferenceText(text))
    said += (said.empty() ? "" : " | ") + Written(word.pronunciations.at(0));
  return said;
}

std::vector<std::string> Ways(std::string_view word) {
  std::vector<std::string> ways;
  for (const ReferenceWord& one : ToReferenceText(word)) {
    for (const Pronunciation& pronunciation : one.pronunciations) ways.push_back(Written(pronunciation));
  }
  return ways;
}

bool MaySay(std::string_view word, const std::string& way) {
  const auto ways = Ways(word);
  return std::ranges::find(ways, way) != ways.end();
}

TEST(Dictionary, ListsAllPronunciations) {
  EXPECT_EQ(Written(LookUp("cat").at(0)), "K AE1 T");
  EXPECT_EQ(LookUp("tomato").size(), 2U);
  EXPECT_EQ(LookUp("the").size(), 3U);
  EXPECT_FALSE(LookUp("zywicki").empty());
  EXPECT_TRUE(LookUp("").empty());
  EXPECT_TRUE(LookUp("qqqqq").empty());
  EXPECT_TRUE(LookUp("\x7f\x7f").empty());
}

TEST(ReferenceText, ReadsPlainSentences) {
  EXPECT_EQ(Said("We call it bear."), "W IY1 | K AO1 L | IH1 T | B EH1 R");
  EXPECT_EQ(Said("WE CALL IT BEAR"), "W IY1 | K AO1 L | IH1 T | B EH1 R");
  EXPECT_EQ(Said("“I’m fine,” she said"), "AY1 M | F AY1 N | SH IY1 | S EH1 D");
}

TEST(ReferenceText, KeepsWordsAsWrittenAndWhereTheyStand) {
  const ReferenceText text = ToReferenceText("“Hello” — I’m (25)!");
  ASSERT_EQ(text.size(), 3U);
  EXPECT_EQ(text[0].text, "Hello");
  EXPECT_EQ(text[1].text, "I’m");
  EXPECT_EQ(text[2].text, "25");
  EXPECT_EQ(text[1].written_index, 2U);
}

TEST(ReferenceText, SaysNumbersTimesAndMoney) {
  EXPECT_EQ(Said("25"), Said("twenty-five"));
  EXPECT_EQ(Said("1990"), Said("nineteen-ninety"));
  EXPECT_EQ(Said("$5"), Said("five-dollars"));
  EXPECT_EQ(Said("7:30"), Said("seven-thirty"));
  EXPECT_EQ(Said("3rd"), Said("third"));
  EXPECT_EQ(Said("50%"), Said("fifty-percent"));
  EXPECT_EQ(Said("7:00"), Said("seven-o'clock"));
  EXPECT_EQ(ToReferenceText("1,234,567.89").size(), 1U);
}

bool MaySayAs(std::string_view written, const std::string& words) {
  const ReferenceText text = ToReferenceText(written);
  if (text.empty()) return false;
  return std::ranges::any_of(text.front().pronunciations, [&](const Pronunciation& way) {
    const auto ways = Ways(words);
    return std::ranges::find(ways, Written(way)) != ways.end();
  });
}

TEST(ReferenceText, TakesEveryUsualWayToSayANumber) {
  const std::vector<std::pair<const char*, std::vector<const char*>>> said{
      {"9:00 AM", {"nine", "nine-o'clock"}},
      {"9:15", {"nine-fifteen", "quarter-past-nine", "a-quarter-past-nine"}},
      {"6:30", {"six-thirty", "half-past-six"}},
      {"7:45", {"seven-forty-five", "quarter-to-eight"}},
      {"7:00pm", {"seven-p.m.", "seven-o'clock-p.m."}},
      {"120", {"one-hundred-twenty", "one-hundred-and-twenty", "a-hundred-and-twenty", "one-twenty"}},
      {"1500", {"fifteen-hundred", "one-thousand-five-hundred"}},
      {"2005", {"two-thousand-five", "two-thousand-and-five", "twenty-oh-five"}},
      {"8,000,000,000", {"eight-billion"}},
      {"101", {"one-hundred-one", "one-hundred-and-one", "one-oh-one"}},
      {"911", {"nine-hundred-eleven", "nine-one-one"}},
      {"12.05.2024",
       {"the-twelfth-of-may-twenty-twenty-four", "december-fifth-twenty-twenty-four", "twelve-oh-five-twenty-twenty-four"}},
      {"12/05/2024", {"may-twelfth-twenty-twenty-four", "december-fifth-twenty-twenty-four"}},
      {"2024-05-12", {"may-twelfth-twenty-twenty-four"}},
      {"1½", {"one-and-a-half", "one-and-one-half"}},
      {"½", {"half", "a-half", "one-half"}},
      {"3/4", {"three-quarters", "three-fourths"}},
      {"24/7", {"twenty-four-seven"}},
      {"10-15", {"ten-to-fifteen"}},
      {"$3.50", {"three-dollars-fifty", "three-dollars-and-fifty-cents", "three-fifty"}},
      {"-5", {"minus-five", "negative-five", "five"}},
      {"0912", {"zero-nine-one-two", "oh-nine-one-two"}},
      {"100%", {"one-hundred-percent", "a-hundred-percent"}},
  };
  for (const auto& [written, ways] : said) {
    for (const char* way : ways) EXPECT_TRUE(MaySayAs(written, way)) << written << ": " << way;
  }
  EXPECT_FALSE(MaySayAs("1500", "fifteen"));
}

TEST(ReferenceText, NumbersKnowTheirNeighbours) {
  EXPECT_EQ(Said("Jan. 3rd"), Said("Jan third"));
  EXPECT_TRUE(MaySay("Jan. 3rd", Said("January")));
  EXPECT_TRUE(MaySay("May 12", Said("twelfth")));
  EXPECT_TRUE(MaySay("May 12", Said("twelve")));
  EXPECT_FALSE(MaySay("room 12", Said("twelfth")));
  EXPECT_EQ(Said("$5 million"), Said("five million-dollars"));
}

TEST(ReferenceText, SaysAbbreviationsAndAcronyms) {
  EXPECT_EQ(Said("Mr. Smith"), "M IH1 S T ER0 | S M IH1 TH");
  EXPECT_TRUE(MaySay("7 a.m.", "EY2 EH1 M"));
  EXPECT_TRUE(MaySay("U.S.A.", "Y UW1 EH1 S EY1") || MaySay("U.S.A.", "Y UW2 EH2 S EY1") || MaySay("U.S.A.", "Y UW1 EH2 S EY1"))
      << Said("U.S.A.");
  EXPECT_TRUE(MaySay("our IT team", "AY1 T IY1")) << "two letters in capitals";
  EXPECT_FALSE(MaySay("OUR IT TEAM", "AY1 T IY1")) << "capitals say nothing where all are";
  EXPECT_EQ(Said("xkcd"), "EH1 K S K EY1 S IY1 D IY1") << "no vowel: letter by letter";
  EXPECT_FALSE(Ways("HTML5").empty());
  EXPECT_EQ(Said("Tom & I"), Said("Tom and I"));
}

TEST(ReferenceText, UnknownWordsFollowRules) {
  ASSERT_TRUE(LookUp("blicket").empty());
  EXPECT_EQ(Said("blicket"), "B L IH1 K AH0 T");
  EXPECT_EQ(Written(ToReferenceText("blicket's").at(0).pronunciations.at(0)), "B L IH1 K AH0 T S");
  EXPECT_TRUE(Said("glorbish-well").ends_with("W EH1 L"));
  EXPECT_FALSE(Said("Nguyễn").empty());
}

TEST(ReferenceText, WhatNobodySaysGivesNoWord) {
  EXPECT_TRUE(ToReferenceText("").empty());
  EXPECT_TRUE(ToReferenceText(" — ... ?! 你好 ").empty());
  EXPECT_TRUE(ToReferenceText(std::string(100'000, '\'')).empty());
  EXPECT_EQ(ToReferenceText("It " + std::string(100'000, 'a') + "'s fine").size(), 2U);
}

TEST(ReferenceText, AnyTextIsHandled) {
  EXPECT_TRUE(rc::check([](const std::string& text) {
    for (const ReferenceWord& word : ToReferenceText(text)) {
      RC_ASSERT(!word.pronunciations.empty());
      RC_ASSERT(word.pronunciations.size() <= kMaxPronunciations);
      for (const Pronunciation& pronunciation : word.pronunciations) RC_ASSERT(!pronunciation.empty());
    }
  }));
}

TEST(LetterToSound, GuessesAlwaysHaveAStressedVowelOrNone) {
  for (const char* word : {"blicket", "zxq", "thrumple", "aaaa", "q", "nguyen"}) {
    const Pronunciation guess = GuessPronunciation(word);
    const bool has_vowel = std::ranges::any_of(guess, [](const Sound& sound) { return IsVowel(sound.phone); });
    const bool has_stress = std::ranges::any_of(guess, [](const Sound& sound) { return sound.stress == Stress::kPrimary; });
    EXPECT_EQ(has_vowel, has_stress) << word;
  }
  EXPECT_TRUE(GuessPronunciation("123").empty());
}

}  // namespace
}  // namespace speechcoach::pronunciation
