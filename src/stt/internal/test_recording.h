// Recordings for this room's tests.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "model/audio_clip.h"

namespace speechcoach::stt {

// A WAV file of one 16-bit channel at 16 kHz, as all of tests/data and whisper.cpp's samples are.
inline model::AudioClip ReadTestWav(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> bytes((std::istreambuf_iterator<char>(file)), {});
  const auto u32 = [&](std::size_t at) {
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.data() + at, sizeof(value));
    return value;
  };
  for (std::size_t chunk = 12; chunk + 8 <= bytes.size(); chunk += 8 + u32(chunk + 4)) {
    if (std::memcmp(bytes.data() + chunk, "data", 4) != 0) continue;
    model::AudioClip clip;
    for (std::size_t at = chunk + 8; at + 1 < std::min<std::size_t>(bytes.size(), chunk + 8 + u32(chunk + 4)); at += 2) {
      std::int16_t sample = 0;
      std::memcpy(&sample, bytes.data() + at, sizeof(sample));
      clip.samples.push_back(static_cast<float>(sample) / 32768.0F);
    }
    return clip;
  }
  throw std::runtime_error("no WAV data in " + path.string());
}

inline model::AudioClip TestRecording(const std::string& name) {
  return ReadTestWav(std::filesystem::path(SPEECHCOACH_TEST_DATA) / name);
}

}  // namespace speechcoach::stt
