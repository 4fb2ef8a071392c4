// The stretches of a recording that the model hears, a function of the samples alone.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace speechcoach::stt {

// At least so much silence follows a window in the encoder's context (docs/stt.md has the measurements).
inline constexpr double kUsualSilenceS = 1.28;

// Samples begin to end of the recording, 0.1 to 30 s; `begin` is a multiple of 20 ms. `loudness_db` is the window's own.
struct SpeechWindow {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::span<const float> loudness_db;
};

// In time order, without silent stretches; empty where nobody can be heard. `loudness_db`, of the whole recording, outlives them.
std::vector<SpeechWindow> FindSpeechWindows(std::span<const float> loudness_db, std::size_t samples);

}  // namespace speechcoach::stt
