// One stream as this process knows it: where its chunks lie.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "spool/audio_spool.h"
#include "spool/internal/record.h"
#include "spool/internal/segment_file.h"

namespace speechcoach::spool {

// A record's place.
struct Place {
  std::uint32_t file = 0;  // index of Stream::files
  std::uint32_t length = 0;  // of the payload
  std::int64_t offset = 0;   // of the header
};

struct Stream {
  Stream(StreamId stream_id, const RecordKey& record_key, std::string stream_header)
      : id(std::move(stream_id)), key(record_key), header(std::move(stream_header)) {}

  const StreamId id;
  const RecordKey key;
  const std::string header;

  std::mutex mutex;  // over all below but the atomics
  std::vector<std::shared_ptr<SegmentFile>> files;
  std::vector<Place> chunks;     // safe; by number
  std::uint32_t appended = 0;    // chunks, safe or not
  std::optional<std::uint32_t> last_seq;       // sealed, and safe
  std::int64_t last_append_ms = 0;
  std::uint32_t writer = 0;      // the newest one's number; only it may append
  bool has_writer = false;
  bool is_failed = false;        // a write was lost: the stream takes no more
  bool is_removed = false;
  std::shared_ptr<const OnSafe> on_safe;
  std::atomic<std::size_t> unsafe_bytes = 0;

  // The index of `file` in `files`, put there where it is new.
  std::uint32_t FileIndex(const std::shared_ptr<SegmentFile>& file) {
    // Chunks come in the order of the log: it is the last one, or new.
    if (files.empty() || files.back() != file) {
      files.push_back(file);
      ++file->streams;
    }
    return static_cast<std::uint32_t>(files.size() - 1);
  }
};

// Reads and checks all chunks at `places`. Errors: kStorageUnavailable.
base::Result<StreamContent> ReadContent(const std::string& header, const std::vector<std::shared_ptr<SegmentFile>>& files,
                                        const std::vector<Place>& places);

}  // namespace speechcoach::spool
