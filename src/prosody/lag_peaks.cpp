#include "prosody/lag_peaks.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "prosody/parabola.h"
#include "prosody/vector_sums.h"

namespace speechcoach::prosody {
namespace {

constexpr std::size_t kTaps = 2 * LagFunction::kDepth;

// Per tap what does not depend on where between two samples the function is read.
struct TapTables {
  std::array<float, kTaps> offset;  // the tap's sample minus the sample left of the point
  std::array<float, kTaps> sign;    // sin(pi (x - n)) alternates from tap to tap
  std::array<float, kTaps> window_cosine;
  std::array<float, kTaps> window_sine;
};

TapTables MakeTapTables() {
  TapTables tables;
  for (std::size_t i = 0; i < kTaps; ++i) {
    const double offset = static_cast<double>(i) - (LagFunction::kDepth - 1.0);
    const double angle = std::numbers::pi * offset / LagFunction::kDepth;
    tables.offset[i] = static_cast<float>(offset);
    tables.sign[i] = i % 2 == (LagFunction::kDepth - 1) % 2 ? 1.0F : -1.0F;
    tables.window_cosine[i] = static_cast<float>(std::cos(angle));
    tables.window_sine[i] = static_cast<float>(std::sin(angle));
  }
  return tables;
}

const TapTables tables = MakeTapTables();

}  // namespace

void LagFunction::Assign(std::span<const float> values) {
  values_.resize(values.size() + kDepth);
  for (std::size_t i = 0; i < kDepth; ++i) values_[i] = values[kDepth - i];
  std::copy(values.begin(), values.end(), values_.begin() + kDepth);
}

void LagFunction::FindPeaks(double min_lag, double max_lag, double min_height, std::vector<LagPeak>& peaks) const {
  peaks.clear();
  const auto first = static_cast<std::size_t>(std::max(1.0, std::floor(min_lag)));
  const std::size_t last = std::min(static_cast<std::size_t>(std::ceil(max_lag)), values_.size() - 2 * kDepth - 2);
  const float* values = values_.data() + kDepth;
  for (std::size_t lag = first; lag <= last; ++lag) {
    const float middle = values[lag];
    if (!(middle > min_height) || middle <= values[lag - 1] || middle < values[lag + 1]) continue;
    const Vertex top = ParabolaTop(values[lag - 1], middle, values[lag + 1]);
    const LagPeak peak{static_cast<double>(lag) + top.offset, top.height};
    if (peak.lag >= min_lag && peak.lag <= max_lag) peaks.push_back(peak);
  }
}

LagPeak LagFunction::Refine(const LagPeak& peak) const {
  LagPeak refined = peak;
  for (const double step : {0.25, 0.1}) {
    const Vertex top = ParabolaTop(At(refined.lag - step), At(refined.lag), At(refined.lag + step));
    refined.lag += top.offset * step;
  }
  refined.height = At(refined.lag);
  return refined;
}

SPEECHCOACH_VECTOR_CLONES double LagFunction::At(double lag) const {
  const double left = std::floor(lag);
  const double fraction = lag - left;
  const auto index = static_cast<std::size_t>(left) + kDepth;
  if (fraction < 1e-6) return values_[index];
  if (fraction > 1.0 - 1e-6) return values_[index + 1];
  const double angle = std::numbers::pi * fraction / kDepth;
  const auto cosine = static_cast<float>(0.5 * std::cos(angle));
  const auto sine = static_cast<float>(0.5 * std::sin(angle));
  const auto position = static_cast<float>(fraction);
  const float* taps = values_.data() + index - (kDepth - 1);
  // Independent sums let the compiler use vector instructions without reordering any of them.
  constexpr std::size_t kLanes = 8;
  std::array<float, kLanes> sums{};
  for (std::size_t i = 0; i < kTaps; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const std::size_t tap = i + lane;
      const float window = 0.5F + cosine * tables.window_cosine[tap] + sine * tables.window_sine[tap];
      sums[lane] += taps[tap] * tables.sign[tap] * window / (position - tables.offset[tap]);
    }
  }
  double sum = 0.0;
  for (const float lane : sums) sum += lane;
  return sum * std::sin(std::numbers::pi * fraction) / std::numbers::pi;
}

}  // namespace speechcoach::prosody
