// The extraction while the learner still speaks.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "model/prosody_report.h"
#include "prosody/provisional_points.h"

namespace speechcoach::prosody {

// One recording that comes in piece by piece; keeps its samples (64 KB a second), so the caller bounds its length. Finish() gives
// what SoundProsodyExtractor::Extract() gives of the whole, bit for bit, however it was cut, and has little left to do. Not
// thread-safe. Appending a second of sound takes about twice as long as extracting it.
class StreamingProsody {
 public:
  StreamingProsody();
  ~StreamingProsody();
  StreamingProsody(StreamingProsody&&) noexcept;
  StreamingProsody& operator=(StreamingProsody&&) noexcept;

  // `samples` at model::kSampleRateHz. The points that became known, 20 ms apart, in time order, each told once, 100 ms
  // after its moment (plus the length of the piece): within 200 ms where a piece is 100 ms long.
  std::vector<ProvisionalPoint> Append(std::span<const float> samples);

  // Those that were appended, those that are no number as 0.
  std::span<const float> samples() const;

  // Of all that was appended; call once. Errors: as ProsodyExtractor::Extract().
  base::Result<model::ProsodyReport> Finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace speechcoach::prosody
