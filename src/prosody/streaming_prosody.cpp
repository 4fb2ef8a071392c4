#include "prosody/streaming_prosody.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "prosody/prosody_analysis.h"

namespace speechcoach::prosody {

struct StreamingProsody::Impl {
  ProsodyAnalysis analysis;
  std::size_t told = 0;
  bool finite = true;
};

StreamingProsody::StreamingProsody() : impl_(std::make_unique<Impl>()) {}
StreamingProsody::~StreamingProsody() = default;
StreamingProsody::StreamingProsody(StreamingProsody&&) noexcept = default;
StreamingProsody& StreamingProsody::operator=(StreamingProsody&&) noexcept = default;

std::vector<ProvisionalPoint> StreamingProsody::Append(std::span<const float> samples) {
  Impl& impl = *impl_;
  impl.finite = impl.finite && std::all_of(samples.begin(), samples.end(), [](float sample) { return std::isfinite(sample); });
  impl.analysis.Add(samples);
  impl.analysis.WorkAhead();
  return NewPoints(impl.analysis, impl.told);
}

std::span<const float> StreamingProsody::samples() const { return impl_->analysis.samples(); }

base::Result<model::ProsodyReport> StreamingProsody::Finish() {
  if (impl_->analysis.samples().empty()) return {base::ErrorCode::kProsodyFailed, "no samples"};
  if (!impl_->finite) return {base::ErrorCode::kProsodyFailed, "samples that are not finite"};
  return impl_->analysis.Finish();
}

}  // namespace speechcoach::prosody
