#include "prosody/live_prosody.h"

#include <algorithm>
#include <utility>

namespace speechcoach::prosody {

LiveProsody::Voice::~Voice() { owner_.Keep(std::move(stream_)); }

std::unique_ptr<LiveProsody::Voice> LiveProsody::Begin() {
  {
    const std::lock_guard lock(mutex_);
    if (voices_ >= most_voices_) return nullptr;
    ++voices_;
  }
  return std::unique_ptr<Voice>(new Voice(*this, std::make_unique<StreamingProsody>()));
}

base::Result<model::ProsodyReport> LiveProsody::Extract(const model::AudioClip& clip) {
  if (const auto heard = TakeKept(clip.samples)) return heard->Finish();
  return SoundProsodyExtractor().Extract(clip);
}

void LiveProsody::Keep(std::unique_ptr<StreamingProsody> stream) {
  std::unique_ptr<StreamingProsody> oldest;  // freed outside the lock
  const std::lock_guard lock(mutex_);
  --voices_;
  kept_.push_front(std::move(stream));
  if (kept_.size() <= most_kept_) return;
  oldest = std::move(kept_.back());
  kept_.pop_back();
}

std::unique_ptr<StreamingProsody> LiveProsody::TakeKept(std::span<const float> samples) {
  const std::lock_guard lock(mutex_);
  const auto found =
      std::ranges::find_if(kept_, [&](const auto& stream) { return std::ranges::equal(stream->samples(), samples); });
  if (found == kept_.end()) return nullptr;
  auto stream = std::move(*found);
  kept_.erase(found);
  return stream;
}

}  // namespace speechcoach::prosody
