#include "audio/samples.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <soxr.h>

namespace speechcoach::audio {

void CleanSamples(std::span<float> samples) {
  for (float& sample : samples) sample = std::isfinite(sample) ? std::clamp(sample, -1.0f, 1.0f) : 0.0f;
}

base::Result<std::vector<float>> Resample(std::span<const float> samples, int from_hz, int to_hz) {
  if (from_hz == to_hz || samples.empty()) return std::vector<float>(samples.begin(), samples.end());
  std::vector<float> resampled(static_cast<std::size_t>(std::llround(static_cast<double>(samples.size()) * to_hz / from_hz)));
  if (resampled.empty()) return resampled;  // the library does not expect that
  const soxr_quality_spec_t quality = soxr_quality_spec(SOXR_HQ, 0);
  const soxr_runtime_spec_t one_thread = soxr_runtime_spec(1);
  std::size_t written = 0;
  if (const soxr_error_t fault = soxr_oneshot(from_hz, to_hz, 1, samples.data(), samples.size(), nullptr, resampled.data(),
                                              resampled.size(), &written, nullptr, &quality, &one_thread);
      fault != nullptr) {
    return {base::ErrorCode::kInternal, std::string("resampling: ") + fault};
  }
  resampled.resize(written);
  return resampled;
}

}  // namespace speechcoach::audio
