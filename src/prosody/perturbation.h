// The perturbation quotients that jitter and shimmer share.
#pragma once

#include <cmath>
#include <cstddef>
#include <optional>
#include <span>

namespace speechcoach::prosody {

// Mean |value - mean of the `width` values round it|, over all runs of `width` values whose neighbours satisfy
// `neighbours(index of the left one)`, divided by `mean`. `width` is odd. Absent without such a run.
template <typename Neighbours>
std::optional<double> PerturbationQuotient(std::span<const double> values, std::size_t width, double mean,
                                           const Neighbours& neighbours) {
  double sum = 0.0;
  std::size_t count = 0;
  std::size_t run = 1;  // values up to and with `i` that hang together
  for (std::size_t i = 0; i < values.size(); ++i) {
    run = i > 0 && neighbours(i - 1) ? run + 1 : 1;
    if (run < width) continue;
    double local_mean = 0.0;
    for (std::size_t k = i + 1 - width; k <= i; ++k) local_mean += values[k];
    local_mean /= static_cast<double>(width);
    sum += std::abs(values[i - width / 2] - local_mean);
    ++count;
  }
  if (count == 0 || !(mean > 0.0)) return std::nullopt;
  return sum / static_cast<double>(count) / mean;
}

// Mean |difference| of neighbours, divided by `mean`.
template <typename Neighbours>
std::optional<double> LocalPerturbation(std::span<const double> values, double mean, const Neighbours& neighbours) {
  double sum = 0.0;
  std::size_t count = 0;
  for (std::size_t i = 0; i + 1 < values.size(); ++i) {
    if (!neighbours(i)) continue;
    sum += std::abs(values[i + 1] - values[i]);
    ++count;
  }
  if (count == 0 || !(mean > 0.0)) return std::nullopt;
  return sum / static_cast<double>(count) / mean;
}

}  // namespace speechcoach::prosody
