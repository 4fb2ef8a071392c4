// Audio of recordings that are still coming in, safe before it is acknowledged.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace speechcoach::spool {

// One recording: a turn of a session.
struct StreamId {
  std::string session_id;  // UUID
  std::uint32_t turn = 0;

  auto operator<=>(const StreamId&) const = default;
};

// What is safe of a stream: all chunks from number 0 on that follow each other without a gap.
struct StreamContent {
  std::string header;                     // as given to Create
  std::vector<std::uint8_t> bytes;        // of all chunks
  std::vector<std::uint32_t> ends;        // where each chunk ends in `bytes`
  std::optional<std::uint32_t> last_seq;  // once sealed

  std::uint32_t next_seq() const { return static_cast<std::uint32_t>(ends.size()); }
};

struct StreamSummary {
  std::uint32_t next_seq = 0;
  std::optional<std::uint32_t> last_seq;  // once sealed
  std::int64_t last_append_ms = 0;        // UTC, since the epoch
};

// Called on a thread of the spool's, quick: everything below `next_seq` is safe from now on, also if this process is killed.
// An error: what was appended since the last call is lost and the stream takes no more (kStorageUnavailable), or another process has
// taken it over (kWrongState).
using OnSafe = std::function<void(base::Result<std::uint32_t> next_seq)>;

// The one that may append to a stream. One thread at a time. Destroyed, it leaves what was appended.
class StreamWriter {
 public:
  virtual ~StreamWriter() = default;

  // Chunks in their order, each number once. Does not block; keeps no reference to `bytes`. Errors: kBusy (so much waits to
  // be written, or is kept, that nothing more fits: the chunk was not taken), kWrongState (a later writer has taken over),
  // kStorageUnavailable.
  virtual base::Status Append(std::uint32_t seq, std::span<const std::uint8_t> bytes) = 0;
  // No chunk after `last_seq` belongs to the recording. Does not block; errors as Append, but that what is kept may be full.
  virtual base::Status Seal(std::uint32_t last_seq) = 0;
  // What was appended and is not safe yet.
  virtual std::size_t unsafe_bytes() const = 0;
};

// Thread-safe. What may block is said so.
class AudioSpool {
 public:
  virtual ~AudioSpool() = default;

  // A new stream. `header`, at most 200 bytes, is kept with it. Blocks. Errors: kBadField (session_id is no UUID), kConflict (it is
  // there), kBusy, kStorageUnavailable.
  virtual base::Result<std::unique_ptr<StreamWriter>> Create(const StreamId& id, std::string header, OnSafe on_safe) = 0;

  struct Resumed {
    StreamContent content;
    std::unique_ptr<StreamWriter> writer;
  };
  // Goes on with a stream, whoever wrote it: a writer in this process can append no more, one in another process is taken to
  // be gone. Blocks. Errors: kNotFound, kStorageUnavailable.
  virtual base::Result<Resumed> Resume(const StreamId& id, OnSafe on_safe) = 0;

  // All that was appended before the call; waits until it is safe. Blocks. Errors: kNotFound, kStorageUnavailable.
  virtual base::Result<StreamContent> Read(const StreamId& id) = 0;

  // Blocks. Errors: kNotFound, kStorageUnavailable.
  virtual base::Result<StreamSummary> Find(const StreamId& id) = 0;

  // Streams that have had no writer for `idle_ms`: of this process, or where servers share a store of all of them. Asked several times in
  // `idle_ms`: with it this process says there which streams it writes. Blocks.
  virtual std::vector<StreamId> Left(std::int64_t idle_ms) = 0;

  // The stream is not needed any more; nothing there is no error. Blocks.
  virtual void Remove(const StreamId& id) = 0;

  // Removes the stream where it has had no writer for `idle_ms`, or is not there. False: it stays, for it goes on or cannot be asked for.
  // Blocks.
  virtual bool RemoveLeft(const StreamId& id, std::int64_t idle_ms) = 0;

  // Frees what nobody needs any more: files of processes that have ended and whose streams are older than `keep_ms`. Blocks.
  virtual void Clean(std::int64_t keep_ms) = 0;

  virtual std::int64_t kept_bytes() const = 0;  // on disk, of this process; or in the shared store, of all
};

struct FileSpoolOptions {
  std::filesystem::path folder;                       // shared by the server processes of one installation
  std::int64_t max_bytes = 4LL * 1024 * 1024 * 1024;  // kept by this process
  std::int64_t segment_bytes = 64LL * 1024 * 1024;    // of one file; each stream holds 24 bytes for each it is in
  std::size_t max_unsafe_bytes = 256u * 1024 * 1024;  // waiting to be written
  std::chrono::milliseconds commit_interval{45};      // chunks of so long are synced together; of four times as long under load
};

// Files in a folder: each process appends the chunks of all its streams to one log, cut into segments, synced for many at once.
// `clock` outlives it. Errors: kStorageUnavailable.
base::Result<std::unique_ptr<AudioSpool>> OpenFileSpool(const FileSpoolOptions& options, const base::Clock& clock);

}  // namespace speechcoach::spool
