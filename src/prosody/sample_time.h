// Between samples and seconds: sample i stands for the time (i + 0.5) / rate.
#pragma once

#include <cstddef>

#include "model/audio_clip.h"

namespace speechcoach::prosody {

inline constexpr double kRateHz = model::kSampleRateHz;
inline constexpr double kSamplePeriod_s = 1.0 / kRateHz;

inline double DurationOf(std::size_t samples) { return static_cast<double>(samples) * kSamplePeriod_s; }
// Fractional; below 0 before the first sample.
inline double SampleAt(double time_s) { return (time_s - 0.5 * kSamplePeriod_s) / kSamplePeriod_s; }
inline double TimeOfSample(double sample) { return (sample + 0.5) * kSamplePeriod_s; }

}  // namespace speechcoach::prosody
