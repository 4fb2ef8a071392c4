// Level and pitch of many recordings while they come in, in bounded memory.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "prosody/prosody_analysis.h"
#include "prosody/provisional_points.h"

namespace speechcoach::prosody {

// Thread-safe. Outlives its voices.
class LiveProsody {
 public:
  // A recording that comes in. Holds the last seconds of it, however long it gets: what is final is measured from the whole
  // recording. One thread at a time.
  class Voice {
   public:
    ~Voice() { --owner_.voices_; }
    Voice(const Voice&) = delete;
    Voice& operator=(const Voice&) = delete;

    // As StreamingProsody::Append(), and the same points for the first seconds.
    std::vector<ProvisionalPoint> Append(std::span<const float> samples);

   private:
    friend class LiveProsody;
    explicit Voice(LiveProsody& owner) : owner_(owner) {}

    LiveProsody& owner_;
    ProsodyAnalysis analysis_;
    double begin_s_ = 0.0;  // of what it still holds
    std::size_t told_ = 0;  // points since then
  };

  // At most `voices` come in at once. A voice takes about 3 ms of processor time for a second of sound, and a quarter of a megabyte.
  explicit LiveProsody(int voices = 32) : most_voices_(voices) {}

  // Null where so many come in already.
  std::unique_ptr<Voice> Begin();

 private:
  const int most_voices_;
  std::atomic<int> voices_ = 0;
};

}  // namespace speechcoach::prosody
