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
  EXPECT_THAT(AlignTokens({weights, 3, 100, 4}, 100, 0), ElementsAre(0, 20, 35, 80));
}

TEST(TokenAlignment, LeavesOutThePromptAndThePadding) {
  const std::vector<std::size_t> starts{0, 0, 20, 35};
  const auto weights = Looks(2, 200, starts);
  EXPECT_THAT(AlignTokens({weights, 2, 200, 4}, 60, 1), ElementsAre(0, 20, 35));
}

TEST(TokenAlignment, HasNothingToSayAboutNothing) {
  EXPECT_THAT(AlignTokens({}, 10, 0), IsEmpty());
  const std::vector<float> weights(10, 0.1F);
  EXPECT_THAT(AlignTokens({weights, 1, 10, 1}, 10, 1), IsEmpty());
  EXPECT_THAT(AlignTokens({weights, 1, 10, 1}, 0, 0), IsEmpty());
}

RC_GTEST_PROP(TokenAlignment, NeverRunsBackwardsNorOut, ()) {
  const auto heads = *rc::gen::inRange<std::size_t>(1, 4);
  const auto frames = *rc::gen::inRange<std::size_t>(1, 40);
  const auto tokens = *rc::gen::inRange<std::size_t>(1, 12);
  const auto first = *rc::gen::inRange<std::size_t>(0, tokens);
  const auto levels = *rc::gen::container<std::vector<int>>(heads * frames * tokens, rc::gen::inRange(0, 1000));
  std::vector<float> weights;
  for (const int level : levels) weights.push_back(static_cast<float>(level) / 1000.0F);
  const auto starts = AlignTokens({weights, heads, frames, tokens}, frames, first);
  RC_ASSERT(starts.size() == tokens - first);
  RC_ASSERT(starts.front() == 0U);
  RC_ASSERT(std::ranges::is_sorted(starts));
  RC_ASSERT(starts.back() < frames);
}

}  // namespace
}  // namespace speechcoach::stt
