#include "pronunciation/internal/time_direction.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace speechcoach::pronunciation {
namespace {

// Tones that set in within 5 ms and die away over 0.2 s.
model::AudioClip Struck() {
  model::AudioClip clip;
  for (int i = 0; i < 2 * model::kSampleRateHz; ++i) {
    const double since_s = std::fmod(i / static_cast<double>(model::kSampleRateHz), 0.4);
    const double envelope = std::min(since_s / 0.005, 1.0) * std::exp(-since_s / 0.05);
    clip.samples.push_back(static_cast<float>(0.5 * envelope * std::sin(i * 0.4)));
  }
  return clip;
}

TEST(TimeDirection, WhatSetsInAtOnceAndDiesAwayRunsForward) { EXPECT_GT(OnsetSkewness(Struck()), 1.0); }

TEST(TimeDirection, BackwardsItHasTheOtherSign) {
  model::AudioClip clip = Struck();
  std::ranges::reverse(clip.samples);
  EXPECT_LT(OnsetSkewness(clip), -1.0);
}

TEST(TimeDirection, WhatDoesNotMoveHasNone) {
  EXPECT_EQ(OnsetSkewness({}), 0.0);
  EXPECT_EQ(OnsetSkewness({std::vector<float>(model::kSampleRateHz, 0.0f)}), 0.0);
}

}  // namespace
}  // namespace speechcoach::pronunciation
