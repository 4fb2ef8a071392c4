#include "stt/internal/loudness.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace speechcoach::stt {
namespace {

using testing::ElementsAre;

constexpr std::size_t kSecond = model::kSampleRateHz;
constexpr std::size_t kLongestPart = 30 * kSecond;

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

TEST(Loudness, ShortRecordingsAreNotCut) { EXPECT_THAT(CutAtPauses(kLongestPart, LoudnessDb(std::vector<float>(kLongestPart, 0.1F))), ElementsAre(0)); }

TEST(Loudness, LongRecordingsAreCutInThePauseNearestToQuiet) {
  std::vector<float> samples(40 * kSecond, 0.1F);
  std::fill_n(samples.begin() + 18 * kSecond, kSecond / 2, 0.0F);
  const auto begins = CutAtPauses(samples.size(), LoudnessDb(samples));
  ASSERT_EQ(begins.size(), 2U);
  EXPECT_GT(begins[1], 18 * kSecond);
  EXPECT_LT(begins[1], 18 * kSecond + kSecond / 2);
}

RC_GTEST_PROP(Loudness, PartsFitTheDecodersWindow, ()) {
  const auto seconds = *rc::gen::inRange(1, 200);
  std::vector<float> samples(static_cast<std::size_t>(seconds) * kSecond, 0.1F);
  const auto pauses = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, seconds));
  for (const int pause : pauses) std::fill_n(samples.begin() + pause * static_cast<std::ptrdiff_t>(kSecond), kSecond / 3, 0.0F);
  auto ends = CutAtPauses(samples.size(), LoudnessDb(samples));
  RC_ASSERT(ends.front() == 0U);
  ends.push_back(samples.size());
  for (std::size_t i = 1; i < ends.size(); ++i) {
    RC_ASSERT(ends[i] > ends[i - 1]);
    RC_ASSERT(ends[i] - ends[i - 1] <= kLongestPart);
  }
}

}  // namespace
}  // namespace speechcoach::stt
