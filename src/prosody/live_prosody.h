// The extractor of a server that also hears recordings while they come in: what was computed then is not computed again.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "prosody/prosody_extractor.h"
#include "prosody/streaming_prosody.h"

namespace speechcoach::prosody {

// Thread-safe. Outlives its voices.
class LiveProsody final : public ProsodyExtractor {
 public:
  // A recording that comes in; when it is destroyed its work is kept for Extract(). One thread at a time.
  class Voice {
   public:
    ~Voice();
    Voice(const Voice&) = delete;
    Voice& operator=(const Voice&) = delete;

    // As StreamingProsody::Append().
    std::vector<ProvisionalPoint> Append(std::span<const float> samples) { return stream_->Append(samples); }

   private:
    friend class LiveProsody;
    Voice(LiveProsody& owner, std::unique_ptr<StreamingProsody> stream) : owner_(owner), stream_(std::move(stream)) {}

    LiveProsody& owner_;
    std::unique_ptr<StreamingProsody> stream_;
  };

  // At most `voices` come in at once, and the work on the last `kept` is kept. A voice takes about 3 ms of processor time and
  // 100 KB for a second of sound.
  explicit LiveProsody(std::size_t voices = 32, std::size_t kept = 8) : most_voices_(voices), most_kept_(kept) {}

  // Null where so many come in already.
  std::unique_ptr<Voice> Begin();

  // As SoundProsodyExtractor, bit for bit; takes the work on a voice with the same samples where it is kept.
  base::Result<model::ProsodyReport> Extract(const model::AudioClip& clip) override;

 private:
  void Keep(std::unique_ptr<StreamingProsody> stream);
  std::unique_ptr<StreamingProsody> TakeKept(std::span<const float> samples);

  const std::size_t most_voices_;
  const std::size_t most_kept_;
  std::mutex mutex_;
  std::size_t voices_ = 0;
  std::deque<std::unique_ptr<StreamingProsody>> kept_;  // newest first
};

}  // namespace speechcoach::prosody
