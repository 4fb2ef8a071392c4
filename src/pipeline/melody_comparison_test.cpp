#include "pipeline/melody_comparison.h"

#include <cmath>

#include <gtest/gtest.h>

namespace speechcoach::pipeline {
namespace {

// F0 that is a function of time, every 10 ms.
template <typename F0>
std::vector<model::PitchPoint> Contour(double end_s, F0&& f0) {
  std::vector<model::PitchPoint> contour;
  for (int i = 0; i * 0.01 < end_s; ++i) contour.push_back({i * 0.01, f0(i * 0.01)});
  return contour;
}

TEST(MelodyComparison, AReadingTwiceAsSlowAndAnOctaveLowerLiesOnTheModels) {
  const std::vector<WordSpan> words{{0.1, 0.4}, {0.4, 0.7}, {0.8, 1.0}};
  std::vector<WordSpan> slow;
  for (const WordSpan& word : words) slow.push_back({2 * word.start_s, 2 * word.end_s});
  const auto model = Contour(1.0, [](double t) { return 200.0 + 50.0 * t; });
  const auto learner = Contour(2.0, [](double t) { return 100.0 + 12.5 * t; });
  const auto points = CompareMelodies({words, model}, {slow, learner});
  ASSERT_EQ(points.size(), model.size());
  for (const MelodyPoint& point : points) {
    if (point.time_s < 0.1) continue;
    ASSERT_TRUE(point.is_model_voiced && point.is_learner_voiced) << point.time_s;
    EXPECT_NEAR(point.learner_st, point.model_st, 0.1) << point.time_s;
  }
}

TEST(MelodyComparison, WhatIsUnvoicedHasNoValue) {
  const std::vector<WordSpan> words{{0.0, 0.5}};
  const auto model = Contour(0.5, [](double) { return 200.0; });
  const auto learner = Contour(0.5, [](double t) { return t < 0.25 ? 0.0 : 150.0; });
  for (const MelodyPoint& point : CompareMelodies({words, model}, {words, learner})) {
    EXPECT_EQ(point.is_learner_voiced, point.time_s >= 0.25 - 1e-9) << point.time_s;
  }
}

TEST(MelodyComparison, NeedsTheSameWords) {
  const std::vector<WordSpan> one{{0.0, 0.5}};
  const std::vector<WordSpan> two{{0.0, 0.2}, {0.2, 0.5}};
  const auto contour = Contour(0.5, [](double) { return 200.0; });
  EXPECT_TRUE(CompareMelodies({one, contour}, {two, contour}).empty());
  EXPECT_TRUE(CompareMelodies({{}, contour}, {{}, contour}).empty());
}

}  // namespace
}  // namespace speechcoach::pipeline
