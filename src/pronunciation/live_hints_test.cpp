#include "pronunciation/live_hints.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "pronunciation/internal/plain_errors.h"
#include "pronunciation/test_posteriors.h"

namespace speechcoach::pronunciation {
namespace {

// Words heard one after another, 0.4 s each, and the sounds of the recording, two frames each with a blank before and after.
struct Speech {
  Speech(const std::vector<std::string>& heard, const std::vector<std::string_view>& sounds) {
    std::vector<std::string_view> frames{"-"};
    for (const std::string_view sound : sounds) frames.insert(frames.end(), {sound, sound, "-"});
    posteriors = Saying(frames, 0.99);
    features = {0.0, frames.size(), 1, std::vector<float>(frames.size())};
    for (const std::string& word : heard)
      words.push_back({word, 0.4 * static_cast<double>(words.size()), 0.4 * static_cast<double>(words.size() + 1), 0.9});
  }

  std::vector<LiveHint> Hints(const std::string& reference_text, std::size_t judged = 0) const {
    return FindPlainErrors(posteriors, {features, words, words.size(), judged}, words.size(), reference_text);
  }

  Posteriors posteriors;
  model::EncoderFeatures features;
  std::vector<model::Word> words;
};

const std::vector<std::string_view> kIThinkSo{"AY", "TH", "IH", "NG", "K", "S", "OW"};
const std::vector<std::string_view> kITinkSo{"AY", "T", "IH", "NG", "K", "S", "OW"};

TEST(LiveHints, WhatIsSaidWellHasNone) {
  EXPECT_TRUE(Speech({"I", "think", "so."}, kIThinkSo).Hints("I think so.").empty());
  EXPECT_TRUE(Speech({"I", "think", "so."}, kIThinkSo).Hints("").empty());
}

TEST(LiveHints, APlainlyWrongSoundIsToldWithItsWordAndTip) {
  for (const char* text : {"I think so.", ""}) {
    const auto hints = Speech({"I", "think", "so."}, kITinkSo).Hints(text);
    ASSERT_EQ(hints.size(), 1u) << text;
    EXPECT_EQ(hints[0].word, 1u);
    EXPECT_EQ(hints[0].text, "think");
    EXPECT_EQ(hints[0].phone, "TH");
    EXPECT_EQ(hints[0].ipa, "θ");
    EXPECT_EQ(hints[0].heard, "T");
    EXPECT_DOUBLE_EQ(hints[0].start_s, 0.4);
    EXPECT_NE(hints[0].tip_vi.find("lưỡi"), std::string::npos);
    EXPECT_GT(hints[0].confidence, 0.9);
  }
}

TEST(LiveHints, TheSentenceSaysWhatWasDue) {
  const auto hints = Speech({"I", "tink", "so."}, kITinkSo).Hints("I think so.");
  ASSERT_EQ(hints.size(), 1u);
  EXPECT_EQ(hints[0].text, "think");
}

TEST(LiveHints, EachWordIsJudgedOnce) { EXPECT_TRUE(Speech({"I", "think", "so."}, kITinkSo).Hints("I think so.", 2).empty()); }

TEST(LiveHints, WordsBeforeTheFeaturesAreLeftAlone) {
  Speech speech({"Yes,", "I", "think", "so."}, kITinkSo);
  speech.features.offset_s = 0.4;  // "Yes," was let go
  const auto hints = speech.Hints("");
  ASSERT_EQ(hints.size(), 1u);
  EXPECT_EQ(hints[0].word, 2u);
}

TEST(LiveHints, WordsAtTheEndOfTheSoundWaitForMore) {
  const auto finder = MakeHintFinder();
  ASSERT_TRUE(finder.ok()) << finder.error().message;
  const std::vector<model::Word> words{{"I", 0.0, 0.3, 0.9}, {"think", 0.3, 0.7, 0.9}, {"so.", 0.7, 1.1, 0.9}};
  const auto judged_after = [&](double length_s, std::size_t stable, std::size_t before) {
    const auto frames = static_cast<std::size_t>(length_s / model::kEncoderFrameS);
    const model::EncoderFeatures features{0.0, frames, 512, std::vector<float>(frames * 512)};
    return (*finder)->Find({features, words, stable, before}, "").judged_words;
  };
  EXPECT_EQ(judged_after(0.6, 3, 0), 0u);
  EXPECT_EQ(judged_after(1.2, 3, 0), 2u);
  EXPECT_EQ(judged_after(1.2, 1, 0), 1u);
  EXPECT_EQ(judged_after(1.2, 3, 2), 2u);
  EXPECT_EQ(judged_after(2.0, 3, 2), 3u);
  EXPECT_EQ(judged_after(0.0, 3, 0), 0u);
}

TEST(LiveHints, FeaturesOfAnotherModelGiveNone) {
  const auto finder = MakeHintFinder();
  ASSERT_TRUE(finder.ok()) << finder.error().message;
  const std::vector<model::Word> words{{"I", 0.0, 0.3, 0.9}};
  const model::EncoderFeatures features{0.0, 100, 3, std::vector<float>(300)};
  const auto found = (*finder)->Find({features, words, 1, 0}, "");
  EXPECT_TRUE(found.hints.empty());
  EXPECT_EQ(found.judged_words, 0u);
}

}  // namespace
}  // namespace speechcoach::pronunciation
