#include "prosody/lag_peaks.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace speechcoach::prosody {
namespace {

LagFunction CosineOfPeriod(double period, std::size_t lags) {
  std::vector<float> values(lags);
  for (std::size_t i = 0; i < lags; ++i) {
    values[i] = static_cast<float>(std::cos(2.0 * std::numbers::pi * static_cast<double>(i) / period));
  }
  LagFunction function;
  function.Assign(values);
  return function;
}

TEST(LagFunction, ReadsBetweenTheSamples) {
  const double period = 23.7;
  const LagFunction function = CosineOfPeriod(period, 200);
  for (double lag = 0.0; lag < 160.0; lag += 0.37) {
    EXPECT_NEAR(function.At(lag), std::cos(2.0 * std::numbers::pi * lag / period), 1e-4) << lag;
  }
}

TEST(LagFunction, FindsEachPeriodBetweenTheLimits) {
  const double period = 41.3;
  const LagFunction function = CosineOfPeriod(period, 300);
  std::vector<LagPeak> peaks;
  function.FindPeaks(30.0, 200.0, 0.5, peaks);
  ASSERT_EQ(peaks.size(), 4U);
  for (std::size_t i = 0; i < peaks.size(); ++i) {
    const LagPeak refined = function.Refine(peaks[i]);
    EXPECT_NEAR(refined.lag, static_cast<double>(i + 1) * period, 0.001 * period);
    EXPECT_NEAR(refined.height, 1.0, 1e-4);
  }
}

TEST(LagFunction, LeavesOutLowPeaks) {
  std::vector<LagPeak> peaks;
  CosineOfPeriod(41.3, 300).FindPeaks(30.0, 200.0, 1.1, peaks);
  EXPECT_TRUE(peaks.empty());
}

}  // namespace
}  // namespace speechcoach::prosody
