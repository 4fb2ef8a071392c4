#include "prosody/formants.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <numbers>

#include "prosody/sample_time.h"
#include "prosody/vector_sums.h"

namespace speechcoach::prosody {
namespace {

using Complex = std::complex<double>;

constexpr double kEdgeHz = 50.0;  // no resonance lies this near to 0 or to the ceiling
constexpr double kSmallestEnergy = 1e-14;
constexpr int kReach = 12;  // samples of the slower rate to either side of an interpolated one

void PreEmphasise(std::vector<double>& values, double from_hz, double rate_hz) {
  const double factor = std::exp(-2.0 * std::numbers::pi * from_hz / rate_hz);
  for (std::size_t i = values.size(); i-- > 1;) values[i] -= factor * values[i - 1];
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

Complex Inverse(const Complex& z) { return std::conj(z) / std::norm(z); }

// The roots above the real axis of z^n - a[0] z^(n-1) - ... - a[n-1], n even, by Aberth's simultaneous iteration (O. Aberth 1973)
// on one of each conjugate pair. Real roots come out as they may: they are no resonances.
std::vector<Complex> UpperRoots(const std::vector<double>& coefficients) {
  const std::size_t count = coefficients.size() / 2;
  std::vector<Complex> roots(count);
  for (std::size_t i = 0; i < count; ++i) {
    roots[i] = std::polar(0.95, std::numbers::pi * (static_cast<double>(i) + 0.5) / static_cast<double>(count));
  }
  constexpr int kMostRounds = 60;
  for (int round = 0; round < kMostRounds; ++round) {
    double largest = 0.0;
    for (std::size_t i = 0; i < count; ++i) {
      const double x = roots[i].real();
      const double y = roots[i].imag();
      Complex value = 1.0;
      Complex derivative = 0.0;
      for (const double coefficient : coefficients) {
        derivative = Complex(derivative.real() * x - derivative.imag() * y + value.real(),
                             derivative.real() * y + derivative.imag() * x + value.imag());
        value = Complex(value.real() * x - value.imag() * y - coefficient, value.real() * y + value.imag() * x);
      }
      if (std::norm(derivative) < 1e-300) continue;
      const Complex inverse = Inverse(derivative);
      const Complex newton(value.real() * inverse.real() - value.imag() * inverse.imag(),
                           value.real() * inverse.imag() + value.imag() * inverse.real());
      Complex repulsion = 0.0;
      const auto repel = [&](const Complex& other) {
        const Complex distance = roots[i] - other;
        if (std::norm(distance) > 1e-24) repulsion += Inverse(distance);
      };
      repel(std::conj(roots[i]));
      for (std::size_t k = 0; k < count; ++k) {
        if (k == i) continue;
        repel(roots[k]);
        repel(std::conj(roots[k]));
      }
      const Complex step = newton / (1.0 - newton * repulsion);
      if (!std::isfinite(step.real()) || !std::isfinite(step.imag())) continue;
      roots[i] -= step;
      largest = std::max(largest, std::norm(step));
    }
    if (largest < 1e-20) break;
  }
  for (Complex& root : roots) root = Complex(root.real(), std::abs(root.imag()));
  return roots;
}

}  // namespace

FormantAnalysis::FormantAnalysis(const FormantParameters& parameters)
    : parameters_(parameters),
      rate_hz_(2.0 * parameters.formant_ceiling_hz),
      half_(static_cast<std::ptrdiff_t>(parameters.window_length_s * rate_hz_)) {
  // Band-limited interpolation: a sine kernel whose cut-off is half the slower rate, under a Hanning window.
  const double ratio = rate_hz_ / kRateHz;
  const double reach = kReach / ratio;
  taps_ = 2 * static_cast<std::ptrdiff_t>(std::ceil(reach)) + 1;
  for (std::ptrdiff_t i = -half_; i <= half_; ++i) {
    const double centre = static_cast<double>(i) / ratio;
    begin_.push_back(static_cast<std::ptrdiff_t>(std::floor(centre)) - taps_ / 2);
    for (std::ptrdiff_t k = 0; k < taps_; ++k) {
      const double distance = static_cast<double>(begin_.back() + k) - centre;
      const double phase = std::numbers::pi * distance * ratio;
      const double sine = std::abs(phase) < 1e-9 ? 1.0 : std::sin(phase) / phase;
      const double window = std::abs(distance) < reach ? 0.5 + 0.5 * std::cos(std::numbers::pi * distance / reach) : 0.0;
      kernel_.push_back(static_cast<float>(ratio * sine * window));
    }
  }
  // exp(-12 x^2) over [-1, 1], lowered so that it ends at 0.
  const double edge = std::exp(-12.0);
  for (std::ptrdiff_t i = -half_; i <= half_; ++i) {
    const double x = static_cast<double>(i) / static_cast<double>(half_ + 1);
    gaussian_.push_back((std::exp(-12.0 * x * x) - edge) / (1.0 - edge));
  }
}

std::vector<double> FormantAnalysis::Resampled(std::span<const float> samples, double time_s) const {
  const auto middle = static_cast<std::ptrdiff_t>(std::lround(std::clamp(SampleAt(time_s), -1e6, 1e9)));
  const std::ptrdiff_t first = middle + begin_.front();
  const std::ptrdiff_t last = middle + begin_.back() + taps_;
  const auto size = static_cast<std::ptrdiff_t>(samples.size());
  std::vector<float> around(static_cast<std::size_t>(last - first), 0.0F);
  const std::ptrdiff_t from = std::clamp<std::ptrdiff_t>(first, 0, size);
  const std::ptrdiff_t to = std::clamp<std::ptrdiff_t>(last, from, size);
  if (to > from) std::copy(samples.begin() + from, samples.begin() + to, around.begin() + (from - first));
  std::vector<double> resampled(begin_.size());
  for (std::size_t i = 0; i < begin_.size(); ++i) {
    const float* taps = kernel_.data() + static_cast<std::ptrdiff_t>(i) * taps_;
    resampled[i] = Dot(around.data() + (begin_[i] - begin_.front()), taps, static_cast<std::size_t>(taps_));
  }
  return resampled;
}

std::vector<Formant> FormantAnalysis::At(std::span<const float> samples, double time_s) const {
  std::vector<double> values = Resampled(samples, time_s);
  PreEmphasise(values, parameters_.pre_emphasis_from_hz, rate_hz_);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] *= gaussian_[i];
  std::vector<Formant> formants;
  for (const Complex& root : UpperRoots(Burg(values, static_cast<std::size_t>(2 * parameters_.number_of_formants)))) {
    // A root outside the circle belongs to the resonance that mirrors it inside.
    const double radius = std::abs(root) > 1.0 ? 1.0 / std::abs(root) : std::abs(root);
    const double frequency_hz = std::arg(root) * rate_hz_ / (2.0 * std::numbers::pi);
    if (!(radius > 0.0) || frequency_hz < kEdgeHz || frequency_hz > parameters_.formant_ceiling_hz - kEdgeHz) continue;
    formants.push_back({frequency_hz, -std::log(radius) * rate_hz_ / std::numbers::pi});
  }
  std::ranges::sort(formants, {}, &Formant::frequency_hz);
  return formants;
}

const FormantAnalysis& DefaultFormants() {
  static const FormantAnalysis analysis{FormantParameters{}};
  return analysis;
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
