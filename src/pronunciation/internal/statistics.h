// Sums that features are made from. An empty series has the statistic 0.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

namespace speechcoach::pronunciation {

inline double Mean(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double value : values) sum += value;
  return values.empty() ? 0.0 : sum / static_cast<double>(values.size());
}

// Population standard deviation.
inline double Deviation(const std::vector<double>& values) {
  const double mean = Mean(values);
  double squares = 0.0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return values.empty() ? 0.0 : std::sqrt(squares / static_cast<double>(values.size()));
}

inline double Lowest(const std::vector<double>& values) { return values.empty() ? 0.0 : *std::ranges::min_element(values); }
inline double Highest(const std::vector<double>& values) { return values.empty() ? 0.0 : *std::ranges::max_element(values); }

// `fraction` in [0, 1]; linear between neighbours (type 7 of Hyndman & Fan 1996).
inline double Quantile(std::vector<double> values, double fraction) {
  if (values.empty()) return 0.0;
  std::ranges::sort(values);
  const double at = fraction * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (values[above] - values[below]) * (at - static_cast<double>(below));
}

}  // namespace speechcoach::pronunciation
