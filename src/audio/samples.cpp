#include "audio/samples.h"

#include <algorithm>
#include <cmath>

#include <samplerate.h>

namespace speechcoach::audio {

void CleanSamples(std::span<float> samples) {
  for (float& sample : samples) sample = std::isfinite(sample) ? std::clamp(sample, -1.0f, 1.0f) : 0.0f;
}

base::Result<std::vector<float>> Resample(std::span<const float> samples, int from_hz, int to_hz) {
  if (from_hz == to_hz || samples.empty()) return std::vector<float>(samples.begin(), samples.end());
  const double ratio = static_cast<double>(to_hz) / from_hz;
  const auto wanted = static_cast<std::size_t>(std::llround(static_cast<double>(samples.size()) * ratio));
  // The library may stop a few samples before the rounded length; those stay 0.
  std::vector<float> resampled(wanted + 1);
  SRC_DATA data{};
  data.data_in = samples.data();
  data.input_frames = static_cast<long>(samples.size());
  data.data_out = resampled.data();
  data.output_frames = static_cast<long>(resampled.size());
  data.src_ratio = ratio;
  if (const int fault = src_simple(&data, SRC_SINC_MEDIUM_QUALITY, 1); fault != 0) {
    return {base::ErrorCode::kInternal, std::string("resampling: ") + src_strerror(fault)};
  }
  resampled.resize(wanted);
  return resampled;
}

}  // namespace speechcoach::audio
