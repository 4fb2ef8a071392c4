// The stretches of a recording that the model hears, a function of the samples alone.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "model/audio_clip.h"

namespace speechcoach::stt {

// At least so much silence follows a window in the encoder's context (docs/stt.md has the measurements).
inline constexpr double kUsualSilenceS = 1.28;

// All windows begin at multiples of it, so that their 20 ms frames lie on one grid.
inline constexpr std::size_t kWindowGridSamples = model::kSampleRateHz / 50;

// Samples begin to end of the recording, 0.1 to 30 s. `loudness_db` is the window's own.
struct SpeechWindow {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::span<const float> loudness_db;
};

// In time order, without silent stretches; empty where nobody can be heard. `loudness_db`, of the whole recording, outlives them.
std::vector<SpeechWindow> FindSpeechWindows(std::span<const float> loudness_db, std::size_t samples);

}  // namespace speechcoach::stt
