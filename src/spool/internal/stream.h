// One stream as this process knows it: where its chunks lie.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "spool/audio_spool.h"
#include "spool/internal/places.h"
#include "spool/internal/record.h"
#include "spool/internal/segment_file.h"

namespace speechcoach::spool {

struct Stream {
  Stream(StreamId stream_id, const RecordKey& record_key, std::string stream_header)
      : id(std::move(stream_id)), key(record_key), header(std::move(stream_header)) {}

  const StreamId id;
  const RecordKey key;
  const std::string header;

  std::mutex mutex;                       // over all below but the atomics
  Places chunks;                          // safe
  std::uint32_t appended = 0;             // chunks, safe or not
  std::optional<std::uint32_t> last_seq;  // sealed, and safe
  std::int64_t last_append_ms = 0;
  std::uint32_t writer = 0;  // the newest one's number; only it may append
  bool has_writer = false;
  bool is_failed = false;  // a write was lost: the stream takes no more
  bool is_removed = false;
  std::shared_ptr<const OnSafe> on_safe;
  std::atomic<std::size_t> unsafe_bytes = 0;

  // A record of it is in `file`.
  void Enter(const std::shared_ptr<SegmentFile>& file) {
    if (chunks.Enter(file)) ++file->streams;
  }
};

}  // namespace speechcoach::spool
