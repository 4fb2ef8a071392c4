// Decoded audio as every analysis stage reads it.
#pragma once

#include <vector>

namespace speechcoach::model {

inline constexpr int kSampleRateHz = 16000;

// Mono, 16 kHz, samples nominally in [-1, 1] (a clipped source may touch the ends).
struct AudioClip {
  std::vector<float> samples;
  // The container ended early or held damaged packets; what could be read is in `samples`.
  bool truncated = false;

  double duration_s() const { return static_cast<double>(samples.size()) / kSampleRateHz; }
};

}  // namespace speechcoach::model
