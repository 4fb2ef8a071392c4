#include "prosody/test_signals.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <numbers>
#include <random>

#include "prosody/sample_time.h"

namespace speechcoach::prosody {
namespace {

std::size_t CountOf(double seconds) { return static_cast<std::size_t>(std::lround(seconds * kRateHz)); }

}  // namespace

Samples Silence(double seconds) { return Samples(CountOf(seconds)); }

Samples Sine(double f0_hz, double seconds, double amplitude) {
  Samples samples(CountOf(seconds));
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double phase = 2.0 * std::numbers::pi * f0_hz * static_cast<double>(i) / kRateHz;
    samples[i] = static_cast<float>(amplitude * std::sin(phase));
  }
  return samples;
}

Samples Noise(double seconds, double amplitude, std::uint32_t seed) {
  std::mt19937 random(seed);
  Samples samples(CountOf(seconds));
  for (float& sample : samples) {
    sample = static_cast<float>(amplitude * (2.0 * static_cast<double>(random()) / static_cast<double>(random.max()) - 1.0));
  }
  return samples;
}

Samples Vowel(const std::function<double(double)>& f0_hz, double seconds, double amplitude) {
  Samples samples(CountOf(seconds));
  double phase = 0.0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double f0 = f0_hz(static_cast<double>(i) / kRateHz);
    phase += 2.0 * std::numbers::pi * f0 / kRateHz;
    double value = 0.0;
    for (int harmonic = 1; harmonic <= 12 && harmonic * f0 < 0.45 * kRateHz; ++harmonic) {
      value += std::sin(harmonic * phase) / harmonic;
    }
    samples[i] = static_cast<float>(amplitude * value / 1.85);
  }
  return samples;
}

Samples Vowel(double f0_hz, double seconds, double amplitude) {
  return Vowel([f0_hz](double) { return f0_hz; }, seconds, amplitude);
}

Samples Resonant(double f0_hz, double f1_hz, double f2_hz, double seconds, double amplitude) {
  Samples samples(CountOf(seconds));
  double phase = 0.0;
  for (float& sample : samples) {
    phase += f0_hz / kRateHz;
    sample = phase >= 1.0 ? 1.0F : 0.0F;
    if (phase >= 1.0) phase -= 1.0;
  }
  // The glottis sends out a spectrum that falls.
  const double tilt = std::exp(-2.0 * std::numbers::pi * 50.0 / kRateHz);
  double source = 0.0;
  for (float& sample : samples) {
    source = sample + tilt * source;
    sample = static_cast<float>(source);
  }
  for (const double resonance_hz : {f1_hz, f2_hz}) {
    const double radius = std::exp(-std::numbers::pi * 80.0 / kRateHz);
    const double a1 = 2.0 * radius * std::cos(2.0 * std::numbers::pi * resonance_hz / kRateHz);
    double before = 0.0;
    double before_that = 0.0;
    for (float& sample : samples) {
      const double value = sample + a1 * before - radius * radius * before_that;
      before_that = before;
      before = value;
      sample = static_cast<float>(value);
    }
  }
  float peak = 0.0F;
  for (const float sample : samples) peak = std::max(peak, std::abs(sample));
  return Scaled(std::move(samples), amplitude / peak);
}

Samples Pulses(const std::vector<double>& pulses_s, const std::vector<double>& amplitudes, double seconds) {
  constexpr double kWidth_s = 0.0003;
  Samples samples(CountOf(seconds));
  for (std::size_t pulse = 0; pulse < pulses_s.size(); ++pulse) {
    const double middle = SampleAt(pulses_s[pulse]);
    const double reach = 6.0 * kWidth_s * kRateHz;
    const auto first = static_cast<std::size_t>(std::max(0.0, middle - reach));
    const auto last = static_cast<std::size_t>(std::clamp(middle + reach, 0.0, static_cast<double>(samples.size()) - 1.0));
    for (std::size_t i = first; i <= last; ++i) {
      const double x = (TimeOfSample(static_cast<double>(i)) - pulses_s[pulse]) / kWidth_s;
      samples[i] += static_cast<float>(amplitudes[pulse] * (1.0 - x * x) * std::exp(-0.5 * x * x));
    }
  }
  return samples;
}

Samples SyllableTrain(int count, double rate, double f0_hz, double amplitude) {
  const double seconds = count / rate;
  const auto declination = [=](double time_s) { return f0_hz * (1.05 - 0.1 * time_s / seconds); };
  Samples samples = Vowel(declination, seconds, amplitude);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double position = std::fmod(static_cast<double>(i) / kRateHz, 1.0 / rate) * rate;
    const double swell = std::sin(std::numbers::pi * position);
    samples[i] *= static_cast<float>(0.05 + 0.95 * swell * swell);
  }
  return samples;
}

Samples operator+(const Samples& a, const Samples& b) {
  Samples joined = a;
  joined.insert(joined.end(), b.begin(), b.end());
  return joined;
}

Samples Faded(Samples samples) {
  const auto ramp = [](std::size_t at, double seconds) {
    return std::min(1.0, static_cast<double>(at + 1) / (seconds * kRateHz));
  };
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] *= static_cast<float>(ramp(i, 0.03) * ramp(samples.size() - 1 - i, 0.06));
  }
  return samples;
}

Samples Mix(const Samples& a, const Samples& b) {
  Samples mixed = a;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) mixed[i] += b[i];
  return mixed;
}

Samples Scaled(Samples samples, double factor) {
  for (float& sample : samples) sample = static_cast<float>(sample * factor);
  return samples;
}

Samples Clipped(Samples samples, double limit) {
  const auto bound = static_cast<float>(limit);
  for (float& sample : samples) sample = std::clamp(sample, -bound, bound);
  return samples;
}

std::optional<Samples> Recording(const std::string& name) {
  std::ifstream file(std::string(SPEECHCOACH_TEST_DATA) + "/" + name, std::ios::binary);
  if (!file) return std::nullopt;
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  const std::size_t begin = bytes.find("data") + 8;
  Samples samples((bytes.size() - begin) / 2);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    std::int16_t value = 0;
    std::memcpy(&value, bytes.data() + begin + 2 * i, sizeof(value));
    samples[i] = static_cast<float>(value) / 32768.0F;
  }
  return samples;
}

}  // namespace speechcoach::prosody
