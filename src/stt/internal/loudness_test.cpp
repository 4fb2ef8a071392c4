#include "stt/internal/loudness.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace speechcoach::stt {
namespace {

using testing::ElementsAre;

constexpr std::size_t kSecond = model::kSampleRateHz;
constexpr std::size_t kLongestPart = 3000;  // steps

TEST(Loudness, IsInDecibelsOfFullScale) {
  const std::vector<float> full(2 * kLoudnessStep, 1.0F);
  EXPECT_THAT(LoudnessDb(full), ElementsAre(0.0F, 0.0F));
  const std::vector<float> tenth(kLoudnessStep, 0.1F);
  EXPECT_NEAR(LoudnessDb(tenth).front(), -20.0F, 1e-3);
  EXPECT_THAT(LoudnessDb(std::vector<float>(kLoudnessStep + 1)), ElementsAre(-120.0F, -120.0F));
  EXPECT_TRUE(LoudnessDb({}).empty());
}

TEST(Loudness, SilenceIsWhereNothingIsLoud) {
  std::vector<float> samples(kSecond, 0.0005F);
  EXPECT_TRUE(IsSilent(LoudnessDb(samples)));
  std::fill_n(samples.begin() + kSecond / 2, kLoudnessStep, 0.01F);
  EXPECT_FALSE(IsSilent(LoudnessDb(samples)));
  EXPECT_TRUE(IsSilent({}));
}

TEST(Loudness, SilenceAtTheEndsIsLeftOutButForALittle) {
  std::vector<float> loudness(400, -80.0F);
  std::fill(loudness.begin() + 100, loudness.begin() + 200, -20.0F);
  const Steps whole = WithoutOuterSilence(loudness, {0, 400});
  EXPECT_EQ(whole.begin, 70U);
  EXPECT_EQ(whole.end, 230U);
  const Steps part = WithoutOuterSilence(loudness, {90, 210});
  EXPECT_EQ(part.begin, 90U);
  EXPECT_EQ(part.end, 210U);
}

TEST(Loudness, ShortRecordingsAreNotCut) {
  const auto parts = CutAtPauses(std::vector<float>(kLongestPart, -20.0F));
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts.front().begin, 0U);
  EXPECT_EQ(parts.front().end, kLongestPart);
}

TEST(Loudness, LongRecordingsAreCutInThePauseNearestToQuiet) {
  std::vector<float> loudness(4000, -20.0F);
  std::fill_n(loudness.begin() + 1800, 50, -90.0F);
  const auto parts = CutAtPauses(loudness);
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_GT(parts[1].begin, 1800U);
  EXPECT_LT(parts[1].begin, 1850U);
}

RC_GTEST_PROP(Loudness, PartsFollowEachOtherAndFitTheDecodersWindow, ()) {
  const auto steps = *rc::gen::inRange<std::size_t>(0, 20'000);
  std::vector<float> loudness(steps, -20.0F);
  for (const std::size_t pause : *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, 20'000))) {
    for (std::size_t step = pause; step < std::min(pause + 30, steps); ++step) loudness[step] = -80.0F;
  }
  std::size_t end = 0;
  for (const Steps part : CutAtPauses(loudness)) {
    RC_ASSERT(part.begin == end);
    RC_ASSERT(part.end - part.begin <= kLongestPart);
    end = part.end;
  }
  RC_ASSERT(end == steps);
}

}  // namespace
}  // namespace speechcoach::stt
