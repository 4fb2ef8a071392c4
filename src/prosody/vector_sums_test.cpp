#include "prosody/vector_sums.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include <rapidcheck/gtest.h>

#include "prosody/test_signals.h"

namespace speechcoach::prosody {
namespace {

RC_GTEST_PROP(VectorSums, AreTheSums, ()) {
  const auto count = *rc::gen::inRange<std::size_t>(0, 700);
  const auto lags = *rc::gen::inRange<std::size_t>(1, 90);
  const Samples sound = Noise(0.1, 1.0, *rc::gen::inRange<std::uint32_t>(1, 1000));
  const float* a = sound.data() + *rc::gen::inRange<std::size_t>(0, 9);
  const float* b = sound.data() + 700 + *rc::gen::inRange<std::size_t>(0, 9);
  const float mean = 0.125F;

  double sum = 0.0;
  double squares = 0.0;
  double largest = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    sum += a[i];
    squares += static_cast<double>(b[i]) * (a[i] - mean) * (a[i] - mean);
    largest = std::max(largest, std::abs(static_cast<double>(a[i]) - mean));
  }
  RC_ASSERT(std::abs(Sum(a, count) - sum) < 1e-3);
  RC_ASSERT(std::abs(WeightedSquares(b, a, mean, count) - squares) < 1e-3);
  RC_ASSERT(std::abs(LargestDistance(a, mean, count) - largest) < 1e-6);

  std::vector<float> out(lags);
  SlidingDots(a, count, b, lags, out.data());
  for (std::size_t lag = 0; lag < lags; ++lag) {
    double dot = 0.0;
    for (std::size_t i = 0; i < count; ++i) dot += static_cast<double>(a[i]) * b[i + lag];
    RC_ASSERT(std::abs(out[lag] - dot) < 1e-3);
    RC_ASSERT(std::abs(Dot(a, b + lag, count) - dot) < 1e-3);
  }
  // The same to the last bit, whatever else is asked for.
  std::vector<float> more(lags + 40);
  SlidingDots(a, count, b, more.size(), more.data());
  for (std::size_t lag = 0; lags >= 8 && lag < lags; ++lag) RC_ASSERT(out[lag] == more[lag]);
}

}  // namespace
}  // namespace speechcoach::prosody
