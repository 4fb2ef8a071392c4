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

// Speech is louder than this, room and breath are not: 35 dB below the loud parts. `loudness_db` is not empty.
float SpeechThresholdDb(std::span<const float> loudness_db);

// A stretch of steps, end excluded.
struct Steps {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// A voice stands out from its room by this: 16 dB above the quiet parts, but between 35 and 20 dB below the loud ones. `loudness_db` is not empty.
float VoiceThresholdDb(std::span<const float> loudness_db);

// The stretches above the threshold, apart by more than a pause within a word; without clicks, unless there is nothing else.
std::vector<Steps> VoicedStretches(std::span<const float> loudness_db, float threshold_db);

// `part` without the silence at its ends, but for 300 ms.
Steps WithoutOuterSilence(std::span<const float> loudness_db, Steps part);

// A recording in parts of 30 s at most, cut where it is quietest.
std::vector<Steps> CutAtPauses(std::span<const float> loudness_db);

}  // namespace speechcoach::stt
