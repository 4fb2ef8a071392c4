// Maxima of a sampled correlation function, found between the samples.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace speechcoach::prosody {

struct LagPeak {
  double lag = 0.0;     // samples, fractional
  double height = 0.0;  // the function's value there
};

// A function of the lag, symmetric about 0, known at whole lags. Between them it is what band-limited interpolation
// makes of it: a sine kernel under a Hanning window, kDepth samples to each side (Boersma 1993, equation 22).
class LagFunction {
 public:
  static constexpr std::size_t kDepth = 32;

  // `values[i]` is the function at lag i; at least kDepth + 2 lags. Copies them.
  void Assign(std::span<const float> values);

  // Local maxima with min_lag <= lag <= max_lag and more than `min_height`, placed by a parabola through three samples.
  // Lags after the last but kDepth + 1 are not searched. Replaces `peaks`.
  void FindPeaks(double min_lag, double max_lag, double min_height, std::vector<LagPeak>& peaks) const;

  // The same maximum by band-limited interpolation. `peak` comes from FindPeaks().
  LagPeak Refine(const LagPeak& peak) const;

  // The interpolated value at `lag`: 0 <= lag <= number of lags - kDepth - 1.
  double At(double lag) const;

 private:
  std::vector<float> values_;  // kDepth mirrored lags first
};

}  // namespace speechcoach::prosody
