// The streams of all servers: a log of records each, its newest part in Redis, what came before as segments in the blob store.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "redis/client.h"
#include "spool/audio_spool.h"
#include "storage/blob_store.h"

namespace speechcoach::spool {

// Chunks as records, in their order.
struct Records {
  std::vector<std::uint8_t> bytes;
  std::uint32_t first = 0;  // the first chunk's number
  std::uint32_t count = 0;

  std::uint32_t next() const { return first + count; }
};

struct Addition {
  StreamId id;
  std::string writer;
  Records records;                        // may be none
  std::optional<std::uint32_t> last_seq;  // no chunk after it follows
};

struct Added {
  std::vector<std::optional<std::uint32_t>> next_seqs;  // as the additions; nothing: the stream has another writer, or is gone
  std::int64_t total_bytes = 0;                         // in Redis, of all streams
};

struct StoredStream {
  StreamContent content;
  std::size_t stored_bytes = 0;  // in Redis
};

// What is sent to Redis may happen twice without harm. Who writes a stream is known by a random word: whoever takes the stream over
// puts its own in place, and the one before can change nothing more. Thread-safe; blocks. Errors everywhere: kStorageUnavailable.
class SharedLogs {
 public:
  // Not owned; both outlive it.
  SharedLogs(redis::Client& redis, storage::BlobStore& blobs) : redis_(redis), blobs_(blobs) {}

  // kConflict: it is there. kBusy: `max_total_bytes` are in Redis.
  base::Status Create(const StreamId& id, const std::string& writer, const std::string& header, std::int64_t now_ms,
                      std::int64_t max_total_bytes);
  base::Result<Added> Add(std::span<const Addition> additions, std::int64_t now_ms);
  // All of a stream; with `new_writer` it is that one's from then on. kNotFound.
  base::Result<StoredStream> Read(const StreamId& id, std::int64_t now_ms, const std::string& new_writer = {});
  // Moves what Redis has of the stream, and `behind` it what Redis has no room for, to the blob store. Answers how many bytes
  // Redis holds no more. kWrongState: it has another writer, or is gone, and what was moved too.
  base::Result<std::size_t> Move(const StreamId& id, const std::string& writer, const Records& behind);
  // Nothing is found of the stream any more; answers its segments, which are still there. kConflict: it was heard of after
  // `silent_since_ms`.
  base::Result<std::vector<std::string>> Remove(const StreamId& id, std::optional<std::int64_t> silent_since_ms = {});
  // Another recording may have the stream's name by then.
  void RemoveSegments(const StreamId& id, std::span<const std::string> segments);

  base::Result<StreamSummary> Find(const StreamId& id);  // kNotFound
  // These have a writer at `now_ms`.
  base::Status Touch(std::span<const StreamId> ids, std::int64_t now_ms);
  // Nothing was heard of these since; those whose removal was cut short are among them.
  base::Result<std::vector<StreamId>> SilentSince(std::int64_t before_ms);
  base::Result<std::int64_t> TotalBytes();

 private:
  redis::Client& redis_;
  storage::BlobStore& blobs_;
};

}  // namespace speechcoach::spool
