#include "stt/internal/words.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace speechcoach::stt {
namespace {

DecodedToken Token(const std::string& text, double start_s, double end_s, double probability = 1.0) {
  return {0, text, std::log(probability), start_s, end_s};
}

std::vector<float> Loud(double seconds) { return std::vector<float>(static_cast<std::size_t>(seconds * 100), -10.0F); }

TEST(Words, JoinPiecesAndKeepPunctuationWithTheWordBefore) {
  const std::vector tokens{Token(" Hel", 0.1, 0.2, 0.9), Token("lo", 0.2, 0.4, 0.4), Token(",", 0.4, 0.9, 0.01),
                           Token(" o", 0.9, 1.0),        Token("'", 1.0, 1.0),       Token("clock", 1.0, 1.4),
                           Token("?", 1.4, 1.9)};
  const auto words = MakeWords(tokens, Loud(2.0), 0.0);
  ASSERT_EQ(words.size(), 2U);
  EXPECT_EQ(words[0].text, "Hello,");
  EXPECT_NEAR(words[0].start_s, 0.1, 1e-9);
  EXPECT_NEAR(words[0].end_s, 0.4, 1e-9);
  EXPECT_NEAR(words[0].probability, std::sqrt(0.9 * 0.4), 1e-9);
  EXPECT_EQ(words[1].text, "o'clock?");
  EXPECT_NEAR(words[1].end_s, 1.4, 1e-9);
}

TEST(Words, AreAsConfidentAsSuchWordsAreRight) {
  double last = 0.0;
  for (const double probability : {1e-12, 0.01, 0.3, 0.6, 0.86, 0.999, 1.0}) {
    const auto words = MakeWords(std::vector{Token(" one", 0.0, 1.0, probability)}, Loud(1.0), 0.0);
    ASSERT_EQ(words.size(), 1U);
    EXPECT_GE(words[0].confidence, last);
    EXPECT_LE(words[0].confidence, 1.0);
    last = words[0].confidence;
  }
  // The decoder is too sure of itself.
  EXPECT_NEAR(MakeWords(std::vector{Token(" one", 0.0, 1.0, 0.86)}, Loud(1.0), 0.0)[0].confidence, 0.80, 0.01);
}

TEST(Words, DropWhatHasNoLetter) {
  const std::vector tokens{Token(" ...", 0.0, 0.5), Token(" yes", 0.5, 1.0), Token(" -", 1.0, 1.1), Token(".", 1.1, 1.2)};
  const auto words = MakeWords(tokens, Loud(2.0), 0.0);
  ASSERT_EQ(words.size(), 1U);
  EXPECT_EQ(words[0].text, "yes");
}

TEST(Words, DrawInToWhatCanBeHeard) {
  auto loudness = Loud(2.0);
  std::fill(loudness.begin(), loudness.begin() + 60, -70.0F);
  std::fill(loudness.begin() + 110, loudness.begin() + 150, -70.0F);
  const std::vector tokens{Token(" one", 0.0, 1.3), Token(" two", 1.3, 2.0)};
  const auto words = MakeWords(tokens, loudness, 10.0);
  ASSERT_EQ(words.size(), 2U);
  EXPECT_NEAR(words[0].start_s, 10.6, 1e-9);
  EXPECT_NEAR(words[0].end_s, 11.1, 1e-9);
  EXPECT_NEAR(words[1].start_s, 11.5, 1e-9);
  EXPECT_NEAR(words[1].end_s, 12.0, 1e-9);
}

TEST(Words, LieInTheSpeechAndNotBehindItsEnd) {
  auto loudness = Loud(3.0);
  std::fill(loudness.begin(), loudness.begin() + 50, -55.0F);
  std::fill(loudness.begin() + 240, loudness.end(), -55.0F);
  const std::vector tokens{Token(" the", 0.5, 2.48), Token(" time", 2.5, 2.5), Token(".", 2.5, 3.0)};
  const auto words = MakeWords(tokens, loudness, 0.0);
  ASSERT_EQ(words.size(), 2U);
  EXPECT_NEAR(words[0].start_s, 0.5, 1e-9);
  EXPECT_LE(words[1].end_s, 2.4 + 1e-9);
}

TEST(Words, LeaveTheBreathBeforeThem) {
  auto loudness = Loud(2.0);
  std::fill(loudness.begin(), loudness.begin() + 100, -60.0F);
  std::fill(loudness.begin() + 20, loudness.begin() + 35, -35.0F);
  std::fill(loudness.begin() + 70, loudness.begin() + 72, -5.0F);
  const auto words = MakeWords(std::vector{Token(" one", 0.0, 2.0)}, loudness, 0.0);
  ASSERT_EQ(words.size(), 1U);
  EXPECT_NEAR(words[0].start_s, 1.0, 1e-9);
  EXPECT_NEAR(words[0].end_s, 2.0, 1e-9);
}

TEST(Words, NothingComesFromNothing) {
  EXPECT_TRUE(MakeWords({}, Loud(1.0), 0.0).empty());
  EXPECT_TRUE(MakeWords(std::vector{Token(" a", 0.0, 0.1)}, {}, 0.0).empty());
}

std::vector<std::string> KeptOf(std::vector<DecodedToken> tokens) {
  auto words = MakeWords(tokens, Loud(4.0), 0.0);
  DropImprobable(words);
  std::vector<std::string> texts;
  for (const model::Word& word : words) texts.push_back(word.text);
  return texts;
}

TEST(Words, ThatHardlyAnybodySaidAreLeftOut) {
  EXPECT_THAT(KeptOf({Token(" one", 0.0, 1.0, 0.3), Token(" two", 1.0, 2.0, 0.05), Token(" three.", 2.0, 3.0, 0.9)}),
              ::testing::ElementsAre("one", "three."));
}

TEST(Words, ThatHardlyAnybodySaidStayWhereThereAreNoOthers) {
  EXPECT_THAT(KeptOf({Token(" one", 0.0, 1.0, 0.05), Token(" two", 1.0, 2.0, 0.05)}), ::testing::ElementsAre("one", "two"));
  EXPECT_TRUE(KeptOf({}).empty());
}

RC_GTEST_PROP(Words, FollowEachOtherInsideTheWindow, ()) {
  const auto steps = *rc::gen::inRange<std::size_t>(100, 300);
  auto sorted = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, static_cast<int>(steps)));
  sorted.resize(std::min(sorted.size(), steps / 2 - 2));
  std::ranges::sort(sorted);
  std::vector<DecodedToken> tokens;
  for (std::size_t i = 0; i + 1 < sorted.size(); ++i)
    tokens.push_back(Token(" w", sorted[i] / 100.0, sorted[i + 1] / 100.0, 0.5));
  std::vector<float> loudness;
  for (std::size_t i = 0; i < steps; ++i) loudness.push_back(static_cast<float>(*rc::gen::inRange(-100, 0)));
  double free_from_s = 0.0;
  for (const model::Word& word : MakeWords(tokens, loudness, 0.0)) {
    RC_ASSERT(word.start_s >= free_from_s);
    RC_ASSERT(word.end_s > word.start_s);
    RC_ASSERT(word.end_s <= static_cast<double>(steps) / 100.0 + 1e-9);
    RC_ASSERT(word.confidence > 0.0 && word.confidence <= 1.0);
    free_from_s = word.end_s;
  }
}

}  // namespace
}  // namespace speechcoach::stt
