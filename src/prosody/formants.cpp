#include "prosody/formants.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <numbers>

#include "prosody/sample_time.h"

namespace speechcoach::prosody {
namespace {

using Complex = std::complex<double>;

constexpr double kEdgeHz = 50.0;  // no resonance lies this near to 0 or to the ceiling
constexpr double kSmallestEnergy = 1e-14;
constexpr int kReach = 12;  // samples of the slower rate to either side of an interpolated one

// The sound round `time_s` at `rate_hz` (not above the sound's own): band-limited interpolation with a Hanning-windowed sine
// kernel whose cut-off is half the slower rate.
std::vector<double> Resampled(std::span<const float> samples, double time_s, double length_s, double rate_hz) {
  const auto half = static_cast<std::ptrdiff_t>(length_s * rate_hz / 2.0);
  const double ratio = rate_hz / kRateHz;
  const double reach = kReach / ratio;
  std::vector<double> resampled(static_cast<std::size_t>(2 * half + 1));
  for (std::ptrdiff_t i = -half; i <= half; ++i) {
    const double centre = SampleAt(time_s + static_cast<double>(i) / rate_hz);
    const auto first = std::max<std::ptrdiff_t>(0, static_cast<std::ptrdiff_t>(std::ceil(centre - reach)));
    const auto last = std::min<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(samples.size()) - 1,
                                               static_cast<std::ptrdiff_t>(std::floor(centre + reach)));
    double sum = 0.0;
    for (std::ptrdiff_t k = first; k <= last; ++k) {
      const double distance = static_cast<double>(k) - centre;
      const double phase = std::numbers::pi * distance * ratio;
      const double kernel = std::abs(phase) < 1e-9 ? 1.0 : std::sin(phase) / phase;
      sum += samples[static_cast<std::size_t>(k)] * kernel * (0.5 + 0.5 * std::cos(std::numbers::pi * distance / reach));
    }
    resampled[static_cast<std::size_t>(i + half)] = sum * ratio;
  }
  return resampled;
}

void PreEmphasise(std::vector<double>& values, double from_hz, double rate_hz) {
  const double factor = std::exp(-2.0 * std::numbers::pi * from_hz / rate_hz);
  for (std::size_t i = values.size(); i-- > 1;) values[i] -= factor * values[i - 1];
}

// exp(-12 x^2) over [-1, 1], lowered so that it ends at 0.
void ApplyGaussian(std::vector<double>& values) {
  const double middle = (static_cast<double>(values.size()) - 1.0) / 2.0;
  const double edge = std::exp(-12.0);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double x = (static_cast<double>(i) - middle) / (middle + 1.0);
    values[i] *= (std::exp(-12.0 * x * x) - edge) / (1.0 - edge);
  }
}

// Coefficients a of x[n] ~ sum a[k] x[n - 1 - k]; empty where there is no sound.
std::vector<double> Burg(const std::vector<double>& values, std::size_t order) {
  double energy = 0.0;
  for (const double value : values) energy += value * value;
  if (!(energy > kSmallestEnergy) || values.size() <= order) return {};
  std::vector<double> forward(values.begin() + 1, values.end());
  std::vector<double> backward(values.begin(), values.end() - 1);
  std::vector<double> coefficients;
  for (std::size_t m = 0; m < order; ++m) {
    const std::size_t count = values.size() - 1 - m;
    double product = 0.0;
    double power = 0.0;
    for (std::size_t i = 0; i < count; ++i) {
      product += forward[i] * backward[i];
      power += forward[i] * forward[i] + backward[i] * backward[i];
    }
    const double reflection = power > 0.0 ? 2.0 * product / power : 0.0;
    const std::vector<double> previous = coefficients;
    for (std::size_t k = 0; k < m; ++k) coefficients[k] -= reflection * previous[m - 1 - k];
    coefficients.push_back(reflection);
    for (std::size_t i = 0; i + 1 < count; ++i) {
      const double ahead = forward[i + 1] - reflection * backward[i + 1];
      backward[i] = backward[i] - reflection * forward[i];
      forward[i] = ahead;
    }
  }
  return coefficients;
}

// All roots of z^n - a[0] z^(n-1) - ... - a[n-1], by Aberth's simultaneous iteration (O. Aberth 1973).
std::vector<Complex> Roots(const std::vector<double>& coefficients) {
  const std::size_t order = coefficients.size();
  std::vector<Complex> roots(order);
  for (std::size_t i = 0; i < order; ++i) {
    roots[i] = std::polar(0.95, 2.0 * std::numbers::pi * (static_cast<double>(i) + 0.3) / static_cast<double>(order));
  }
  constexpr int kMostRounds = 60;
  for (int round = 0; round < kMostRounds; ++round) {
    double largest = 0.0;
    for (std::size_t i = 0; i < order; ++i) {
      Complex value = 1.0;
      Complex derivative = 0.0;
      for (const double coefficient : coefficients) {
        derivative = derivative * roots[i] + value;
        value = value * roots[i] - coefficient;
      }
      if (derivative == Complex(0.0)) continue;
      const Complex newton = value / derivative;
      Complex repulsion = 0.0;
      for (std::size_t k = 0; k < order; ++k) {
        if (k != i && roots[i] != roots[k]) repulsion += 1.0 / (roots[i] - roots[k]);
      }
      const Complex step = newton / (1.0 - newton * repulsion);
      if (!std::isfinite(step.real()) || !std::isfinite(step.imag())) continue;
      roots[i] -= step;
      largest = std::max(largest, std::abs(step));
    }
    if (largest < 1e-10) break;
  }
  return roots;
}

}  // namespace

std::vector<Formant> FormantsAt(std::span<const float> samples, double time_s, const FormantParameters& parameters) {
  const double rate_hz = 2.0 * parameters.formant_ceiling_hz;
  std::vector<double> values = Resampled(samples, time_s, 2.0 * parameters.window_length_s, rate_hz);
  PreEmphasise(values, parameters.pre_emphasis_from_hz, rate_hz);
  ApplyGaussian(values);
  std::vector<Formant> formants;
  for (const Complex& root : Roots(Burg(values, static_cast<std::size_t>(2 * parameters.number_of_formants)))) {
    if (!(root.imag() > 0.0)) continue;
    // A root outside the circle belongs to the resonance that mirrors it inside.
    const double radius = std::abs(root) > 1.0 ? 1.0 / std::abs(root) : std::abs(root);
    const double frequency_hz = std::arg(root) * rate_hz / (2.0 * std::numbers::pi);
    if (frequency_hz < kEdgeHz || frequency_hz > parameters.formant_ceiling_hz - kEdgeHz) continue;
    formants.push_back({frequency_hz, -std::log(radius) * rate_hz / std::numbers::pi});
  }
  std::ranges::sort(formants, {}, &Formant::frequency_hz);
  return formants;
}

std::optional<VowelQuality> LowestTwo(const std::vector<Formant>& formants) {
  constexpr double kWidestHz = 600.0;
  std::optional<double> first_hz;
  for (const Formant& formant : formants) {
    if (formant.bandwidth_hz > kWidestHz) continue;
    if (first_hz) return VowelQuality{*first_hz, formant.frequency_hz};
    first_hz = formant.frequency_hz;
  }
  return std::nullopt;
}

}  // namespace speechcoach::prosody
