#include "stt/internal/token_alignment.h"

#include <algorithm>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace speechcoach::stt {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Each token looks at its own stretch of frames only.
std::vector<float> Looks(std::size_t heads, std::size_t frames, const std::vector<std::size_t>& starts) {
  const std::size_t tokens = starts.size();
  std::vector<float> weights(heads * frames * tokens, 0.001F);
  for (std::size_t head = 0; head < heads; ++head) {
    for (std::size_t token = 0; token < tokens; ++token) {
      const std::size_t end = token + 1 < tokens ? starts[token + 1] : frames;
      for (std::size_t frame = starts[token]; frame < end; ++frame) weights[(head * frames + frame) * tokens + token] = 0.1F;
    }
  }
  return weights;
}

TEST(TokenAlignment, FollowsWhereTheTokensLook) {
  const std::vector<std::size_t> starts{0, 20, 35, 80};
  const auto weights = Looks(3, 100, starts);
  EXPECT_THAT(AlignTokens({weights, 3, 100, 4}, 100, 0, std::vector{4, 3, 9}), ElementsAre(0, 20, 35, 80));
}

TEST(TokenAlignment, LeavesOutThePromptAndThePadding) {
  const std::vector<std::size_t> starts{0, 0, 20, 35};
  const auto weights = Looks(2, 200, starts);
  EXPECT_THAT(AlignTokens({weights, 2, 200, 4}, 60, 1, std::vector{4, 3}), ElementsAre(0, 20, 35));
}

TEST(TokenAlignment, HasNothingToSayAboutNothing) {
  EXPECT_THAT(AlignTokens({}, 10, 0, {}), IsEmpty());
  const std::vector<float> weights(10, 0.1F);
  EXPECT_THAT(AlignTokens({weights, 1, 10, 1}, 10, 1, {}), IsEmpty());
  EXPECT_THAT(AlignTokens({weights, 1, 10, 1}, 0, 0, {}), IsEmpty());
}

TEST(TokenAlignment, LeavesAWordItsTimeWhereTheOneBeforeItLooksThereToo) {
  std::vector<float> weights = Looks(4, 100, {0, 20, 60, 70});
  for (std::size_t head = 0; head < 4; ++head) {
    // The third looks at the second half of the second one's time too, and at nothing as much.
    for (std::size_t frame = 40; frame < 60; ++frame) weights[(head * 100 + frame) * 4 + 2] = 0.09F;
    for (std::size_t frame = 60; frame < 70; ++frame) weights[(head * 100 + frame) * 4 + 2] = 0.001F;
    for (std::size_t frame = 60; frame < 70; ++frame) weights[(head * 100 + frame) * 4 + 3] = 0.1F;
  }
  const auto starts = AlignTokens({weights, 4, 100, 4}, 100, 0, std::vector{4, 3, 4});
  ASSERT_EQ(starts.size(), 4U);
  EXPECT_NEAR(static_cast<double>(starts[2]), 45.0, 7.0);
  EXPECT_EQ(starts[3], 60U);
}

TEST(TokenAlignment, HasTimesForATextTooLongForItsTime) {
  const std::vector<float> weights(5 * 12, 0.1F);
  const auto starts = AlignTokens({weights, 1, 5, 12}, 5, 0, std::vector<int>(11, 6));
  ASSERT_EQ(starts.size(), 12U);
  EXPECT_TRUE(std::ranges::is_sorted(starts));
}

TEST(TokenAlignment, FollowsAcrossALongPause) {
  const std::vector<std::size_t> starts{0, 500, 520, 540};
  const auto weights = Looks(2, 600, starts);
  EXPECT_THAT(AlignTokens({weights, 2, 600, 4}, 600, 0, std::vector{4, 3, 4}), ElementsAre(0, 500, 520, 540));
}

RC_GTEST_PROP(TokenAlignment, NeverRunsBackwardsNorOut, ()) {
  const auto heads = *rc::gen::inRange<std::size_t>(1, 4);
  const auto frames = *rc::gen::inRange<std::size_t>(1, 40);
  const auto tokens = *rc::gen::inRange<std::size_t>(1, 12);
  const auto first = *rc::gen::inRange<std::size_t>(0, tokens);
  const auto levels = *rc::gen::container<std::vector<int>>(heads * frames * tokens, rc::gen::inRange(0, 1000));
  const auto letters = *rc::gen::container<std::vector<int>>(tokens - first - 1, rc::gen::inRange(0, 12));
  std::vector<float> weights;
  for (const int level : levels) weights.push_back(static_cast<float>(level) / 1000.0F);
  const auto starts = AlignTokens({weights, heads, frames, tokens}, frames, first, letters);
  RC_ASSERT(starts.size() == tokens - first);
  RC_ASSERT(starts.front() == 0U);
  RC_ASSERT(std::ranges::is_sorted(starts));
  RC_ASSERT(starts.back() < frames);
}

}  // namespace
}  // namespace speechcoach::stt
