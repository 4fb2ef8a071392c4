// Any bytes as a recording: what comes out is sound of a bounded length, or an error.
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "audio/audio_decoder.h"
#include "audio/media_cutter.h"
#include "audio/wav.h"
#include "model/audio_clip.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace speechcoach;
  constexpr double kMaxSeconds = 10.0;
  const std::span<const std::uint8_t> bytes{data, size};
  audio::SniffFormat(bytes);
  for (const char* format : {"webm_opus", "ogg_opus"}) {
    const auto cutter = audio::MakeMediaCutter(format, kMaxSeconds);
    if (!cutter->Append(bytes.first(size / 2)) || !cutter->Append(bytes.subspan(size / 2))) continue;
    while (const auto piece = cutter->Take()) {
      if (!(piece->new_s > 0.0)) std::abort();
    }
  }
  const auto clip = audio::DecodeWav(bytes, kMaxSeconds);
  if (!clip.ok()) return 0;
  if (clip->samples.size() > static_cast<std::size_t>((kMaxSeconds + 0.1) * model::kSampleRateHz)) std::abort();
  for (const float sample : clip->samples) {
    if (!std::isfinite(sample)) std::abort();
  }
  return 0;
}
