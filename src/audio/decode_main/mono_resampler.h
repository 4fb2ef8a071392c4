// Decoded frames of any layout, sample format and rate -> 16 kHz mono float.
#pragma once

#include <cstdint>
#include <vector>

struct AVFrame;
struct SwrContext;

namespace speechcoach::audio {

class MonoResampler {
 public:
  MonoResampler() = default;
  ~MonoResampler();
  MonoResampler(const MonoResampler&) = delete;
  MonoResampler& operator=(const MonoResampler&) = delete;

  // Appends what `frame` gives to `samples`. A stream may change its format on the way. False: this frame cannot be converted.
  bool Convert(const AVFrame& frame, std::vector<float>& samples);

  // Appends what is still inside; false where that fails.
  bool Finish(std::vector<float>& samples);

 private:
  bool Configure(const AVFrame& frame);
  bool Push(const std::uint8_t* const* input, int input_samples, std::vector<float>& samples);

  SwrContext* context_ = nullptr;
  int rate_hz_ = 0;
  int channels_ = 0;
  int sample_format_ = -1;
};

}  // namespace speechcoach::audio
