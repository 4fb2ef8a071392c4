#include "audio/stream_resampler.h"

#include <cmath>
#include <cstddef>
#include <string>

#include <soxr.h>

namespace speechcoach::audio {

base::Result<std::unique_ptr<StreamResampler>> StreamResampler::Make(int from_hz, int to_hz) {
  const double ratio = static_cast<double>(to_hz) / from_hz;
  if (from_hz == to_hz) return std::unique_ptr<StreamResampler>(new StreamResampler(nullptr, ratio));
  const soxr_quality_spec_t quality = soxr_quality_spec(SOXR_HQ, 0);
  const soxr_runtime_spec_t one_thread = soxr_runtime_spec(1);
  soxr_error_t fault = nullptr;
  const soxr_t made = soxr_create(from_hz, to_hz, 1, &fault, nullptr, &quality, &one_thread);
  if (fault != nullptr || made == nullptr)
    return {base::ErrorCode::kInternal, std::string("resampling: ") + (fault != nullptr ? fault : "no memory")};
  return std::unique_ptr<StreamResampler>(new StreamResampler(made, ratio));
}

StreamResampler::~StreamResampler() {
  if (soxr_ != nullptr) soxr_delete(static_cast<soxr_t>(soxr_));
}

base::Result<std::vector<float>> StreamResampler::Process(std::span<const float> samples) {
  if (soxr_ == nullptr) return std::vector<float>(samples.begin(), samples.end());
  // What an earlier chunk left in the filter may come out too.
  constexpr std::size_t kRoom = 4096;
  std::vector<float> out(static_cast<std::size_t>(std::ceil(static_cast<double>(samples.size()) * ratio_)) + kRoom);
  std::size_t read = 0;
  std::size_t written = 0;
  const soxr_error_t fault =
      soxr_process(static_cast<soxr_t>(soxr_), samples.data(), samples.size(), &read, out.data(), out.size(), &written);
  if (fault != nullptr) return {base::ErrorCode::kInternal, std::string("resampling: ") + fault};
  out.resize(written);
  return out;
}

}  // namespace speechcoach::audio
