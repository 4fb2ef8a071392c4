// Any bytes as a recording: what comes out is sound of a bounded length, or an error.
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "audio/audio_decoder.h"
#include "audio/wav.h"
#include "model/audio_clip.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace speechcoach;
  constexpr double kMaxSeconds = 10.0;
  const std::span<const std::uint8_t> bytes{data, size};
  audio::SniffFormat(bytes);
  const auto clip = audio::DecodeWav(bytes, kMaxSeconds);
  if (!clip.ok()) return 0;
  if (clip->samples.size() > static_cast<std::size_t>((kMaxSeconds + 0.1) * model::kSampleRateHz)) std::abort();
  for (const float sample : clip->samples) {
    if (!std::isfinite(sample)) std::abort();
  }
  return 0;
}
