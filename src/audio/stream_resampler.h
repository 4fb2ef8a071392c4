// A stream of samples to 16 kHz, chunk by chunk.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/result.h"

namespace speechcoach::audio {

// The same filter as Resample(); chunks that are joined give what the whole would, some milliseconds later. One thread at a time.
class StreamResampler {
 public:
  // Errors: kInternal (no resampler for these rates).
  static base::Result<std::unique_ptr<StreamResampler>> Make(int from_hz, int to_hz);
  ~StreamResampler();
  StreamResampler(const StreamResampler&) = delete;
  StreamResampler& operator=(const StreamResampler&) = delete;

  // What can be told of the output by now.
  base::Result<std::vector<float>> Process(std::span<const float> samples);

 private:
  StreamResampler(void* soxr, double ratio) : soxr_(soxr), ratio_(ratio) {}

  void* soxr_;  // null where nothing is to be changed
  double ratio_;
};

}  // namespace speechcoach::audio
