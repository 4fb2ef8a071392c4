// What this room's tests share.
#pragma once

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <numbers>
#include <span>
#include <string>
#include <vector>

namespace speechcoach::audio {

inline std::vector<std::uint8_t> ReadBytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Of tests/data.
inline std::vector<std::uint8_t> Recording(const std::string& name) {
  return ReadBytes(std::filesystem::path(SPEECHCOACH_TEST_DATA) / name);
}

// Amplitude 0.5.
inline std::vector<float> Tone(double f_hz, double duration_s, int rate_hz) {
  std::vector<float> samples(static_cast<std::size_t>(duration_s * rate_hz));
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] = static_cast<float>(0.5 * std::sin(2.0 * std::numbers::pi * f_hz * static_cast<double>(i) / rate_hz));
  }
  return samples;
}

inline double RmsDb(std::span<const float> samples) {
  double energy = 0.0;
  for (const float sample : samples) energy += static_cast<double>(sample) * sample;
  return 10.0 * std::log10(energy / static_cast<double>(samples.size()) + 1e-20);
}

// Without the first and the last tenth, where a filter starts and ends.
inline std::span<const float> Middle(std::span<const float> samples) {
  return samples.subspan(samples.size() / 10, samples.size() * 8 / 10);
}

}  // namespace speechcoach::audio
