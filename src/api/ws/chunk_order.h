// The chunks of a live recording as they come in: late, early, twice.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "pipeline/audio_source.h"
#include "pipeline/live_listener.h"
#include "spool/audio_spool.h"

namespace speechcoach::api {

struct RecordingLimits {
  std::int64_t max_bytes = 0;  // of the recording as it is kept: 16-bit samples, or the container
  double max_seconds = 0.0;    // held for PCM while it comes in, with half a second of slack
};

struct SeqRange {
  std::uint32_t from = 0;
  std::uint32_t to = 0;  // inclusive
};

struct Loudness {
  double rms_dbfs = 0.0;  // -100 for digital silence
  double peak_dbfs = 0.0;
};

// The loudness of PCM, at least one sample.
Loudness LoudnessOf(const pipeline::AudioSource& source, std::span<const std::uint8_t> pcm);
// The same of what was heard of a container, at least one point; the peak is that of the loudest one.
Loudness LoudnessOf(std::span<const pipeline::VoicePoint> points);

// Chunks are numbered from 0 and passed on in that order, each once; of the last kRemembered passed on a fingerprint stays. Identical
// repeats change nothing, nor does a repeat of what is longer ago; what comes early is held for as long as little is missing. Not
// thread-safe.
class ChunkOrder {
 public:
  static constexpr std::uint32_t kRemembered = 128;

  // Takes a chunk for good, or refuses it: then it was not taken here either.
  using Sink = std::function<base::Status(std::uint32_t seq, std::span<const std::uint8_t> bytes)>;

  ChunkOrder(const pipeline::AudioSource& source, const RecordingLimits& limits) : source_(source), limits_(limits) {}

  // Goes on behind what was passed on before the connection was lost.
  void GoOnAfter(const spool::StreamContent& content);

  // Passes on the chunk, and those that waited for it. Answers which are newly seen to be missing. Errors: kBadField (empty,
  // half a sample, another content than before under the same number, much too early), kAudioTooLarge, kAudioTooLong, and the
  // sink's.
  base::Result<std::optional<SeqRange>> Add(std::uint32_t seq, std::span<const std::uint8_t> bytes, const Sink& sink);

  std::uint32_t next_seq() const { return next_seq_; }  // the first one not passed on
  bool HasAllUpTo(std::int64_t last_seq) const { return static_cast<std::int64_t>(next_seq()) > last_seq; }
  // True where a chunk after `last_seq` has come.
  bool HasBeyond(std::int64_t last_seq) const;
  std::vector<SeqRange> MissingUpTo(std::uint32_t last_seq) const;

 private:
  base::Status Pass(std::uint32_t seq, std::span<const std::uint8_t> bytes, const Sink& sink);
  base::Status PassHeld(const Sink& sink);
  std::size_t KeptBytes(std::size_t bytes) const;
  void Remember(std::span<const std::uint8_t> bytes);

  pipeline::AudioSource source_;
  RecordingLimits limits_;
  std::uint32_t next_seq_ = 0;
  std::vector<std::uint32_t> passed_;                        // fingerprints, by number modulo kRemembered
  std::size_t passed_bytes_ = 0;                             // as kept
  std::map<std::uint32_t, std::vector<std::uint8_t>> held_;  // came early
  std::size_t held_bytes_ = 0;
  std::uint32_t asked_below_ = 0;  // what is missing below this has been asked for
};

}  // namespace speechcoach::api
