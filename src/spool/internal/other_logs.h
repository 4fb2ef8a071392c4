// The logs of other processes that share the folder, alive or dead: what lies where.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "spool/internal/record.h"
#include "spool/internal/stream.h"

namespace speechcoach::spool {

// A stream found in other processes' logs.
struct FoundStream {
  std::string header;
  Places chunks;  // without a gap
  std::optional<std::uint32_t> last_seq;
  std::int64_t last_append_ms = 0;
};

// Thread-safe. Each file is read through once; what is added to it later is read then.
class OtherLogs {
 public:
  // `own`: the folder in `root` to leave out.
  OtherLogs(std::filesystem::path root, std::filesystem::path own) : root_(std::move(root)), own_(std::move(own)) {}

  // Looks at the disk first. Nothing where no log has the stream's beginning.
  std::optional<FoundStream> Find(const RecordKey& key);

  // Removes files older than `keep_ms` of processes that have ended.
  void Clean(std::int64_t keep_ms);

 private:
  struct Log {
    std::shared_ptr<SegmentFile> file;
    std::int64_t read_to = 0;
  };
  struct ChunkPlace {
    std::shared_ptr<SegmentFile> file;
    std::int64_t offset = 0;
  };
  struct Known {
    std::optional<std::string> header;
    std::map<std::uint32_t, ChunkPlace> chunks;
    std::optional<std::uint32_t> last_seq;
    std::int64_t last_append_ms = 0;
  };

  void Refresh();
  void ReadOn(Log& log);
  void Note(const Record& record, std::span<const std::uint8_t> payload, const std::shared_ptr<SegmentFile>& file,
            std::int64_t offset);
  void Forget(const std::shared_ptr<SegmentFile>& file);

  const std::filesystem::path root_;
  const std::filesystem::path own_;
  std::mutex mutex_;
  std::map<std::filesystem::path, Log> logs_;
  std::map<RecordKey, Known> streams_;
};

inline constexpr const char* kSegmentSuffix = ".log";
inline constexpr const char* kLockName = "lock";

}  // namespace speechcoach::spool
