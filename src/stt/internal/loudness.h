// Where a recording is quiet.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "model/audio_clip.h"

namespace speechcoach::stt {

inline constexpr std::size_t kLoudnessStep = model::kSampleRateHz / 100;  // samples: 10 ms

// Root mean square of each 10 ms, the last one perhaps of less; in dB where a full-scale square wave is 0, at least -120.
std::vector<float> LoudnessDb(std::span<const float> samples);

// True where nothing is louder than the noise of a muted microphone.
bool IsSilent(std::span<const float> loudness_db);

// Recordings longer than one decoding window, cut where they are quietest. Begins of the parts, in samples, the first 0; every part
// lasts 30 s at most.
std::vector<std::size_t> CutAtPauses(std::size_t n_samples, std::span<const float> loudness_db);

}  // namespace speechcoach::stt
