// The recording of a live session while it comes in, chunk by chunk.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "api/ws/client_message.h"
#include "base/result.h"
#include "pipeline/session_service.h"

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

// Chunks are numbered from 0. Identical repeats change nothing; what comes early is held for as long as little is missing.
// Not thread-safe.
class RecordingBuffer {
 public:
  RecordingBuffer(const AudioSource& source, const RecordingLimits& limits) : source_(source), limits_(limits) {}

  struct Added {
    std::optional<SeqRange> missing;   // newly seen to be missing: to be asked for
    std::optional<Loudness> loudness;  // of this chunk; PCM only
  };

  // Errors: kBadField (empty, half a sample, another content than before under the same number, much too early),
  // kAudioTooLarge, kAudioTooLong.
  base::Result<Added> Add(std::uint32_t seq, std::span<const std::uint8_t> bytes);

  std::uint32_t next_seq() const { return static_cast<std::uint32_t>(ends_.size()); }  // the first one not there
  bool HasAllUpTo(std::int64_t last_seq) const { return static_cast<std::int64_t>(next_seq()) > last_seq; }
  // True where a chunk after `last_seq` has come.
  bool HasBeyond(std::int64_t last_seq) const;
  std::vector<SeqRange> MissingUpTo(std::uint32_t last_seq) const;

  // The samples, at the recording's own rate, that have come since the last call and follow those before without a gap. PCM only.
  std::vector<float> TakeNewSamples();

  // What was taken in, as the service wants it: PCM as WAV of its own rate.
  pipeline::Recording Finish() const;

 private:
  bool IsPcm() const { return source_.sample_rate_hz > 0; }
  base::Status Append(std::vector<std::uint8_t> bytes);
  std::span<const std::uint8_t> Chunk(std::uint32_t seq) const;

  AudioSource source_;
  RecordingLimits limits_;
  std::vector<std::uint8_t> bytes_;                          // 16-bit little-endian samples, or the container
  std::vector<std::uint32_t> ends_;                          // where each chunk ends in bytes_
  std::map<std::uint32_t, std::vector<std::uint8_t>> held_;  // came early
  std::size_t held_bytes_ = 0;
  std::size_t taken_bytes_ = 0;      // of bytes_, by TakeNewSamples()
  std::uint32_t asked_below_ = 0;  // what is missing below this has been asked for
};

}  // namespace speechcoach::api
