// One file of a log: appended to by its process, read by any.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"

namespace speechcoach::spool {

// Reading is thread-safe; appending is one thread's. Errors everywhere: kStorageUnavailable.
class SegmentFile {
 public:
  // A new file with `reserve` bytes of the disk its own already. What is appended goes past the page cache where the file system can: it is
  // hardly ever read again, and keeping a copy of it costs more than anything else that a chunk goes through.
  static base::Result<std::shared_ptr<SegmentFile>> Create(const std::filesystem::path& path, std::int64_t reserve);
  static base::Result<std::shared_ptr<SegmentFile>> OpenToRead(const std::filesystem::path& path);
  ~SegmentFile();
  SegmentFile(const SegmentFile&) = delete;
  SegmentFile& operator=(const SegmentFile&) = delete;

  // Writes all of `parts`, in order, behind what is there; up to the next block there are zeros then.
  base::Status Append(std::span<const std::span<const std::uint8_t>> parts);
  base::Status Sync();
  // Nothing more is appended.
  void EndAppending() { staging_.reset(); }
  // The same; the disk gets back what was reserved for it.
  void GiveBackReserve();

  // As many bytes from `offset` on as there are, at most out.size(); the number read.
  base::Result<std::size_t> ReadAt(std::int64_t offset, std::span<std::uint8_t> out) const;

  std::int64_t size() const { return size_; }  // what was appended
  const std::filesystem::path& path() const { return path_; }

  std::atomic<int> streams = 0;  // that have chunks in it, counted by the spool

 private:
  struct Free {
    void operator()(std::uint8_t* bytes) const { std::free(bytes); }
  };

  SegmentFile(std::filesystem::path path, int descriptor, int writer)
      : path_(std::move(path)), descriptor_(descriptor), writer_(writer) {}
  base::Status WriteStaged(std::size_t bytes);

  const std::filesystem::path path_;
  const int descriptor_;                         // reads
  const int writer_;                             // -1: none
  std::unique_ptr<std::uint8_t, Free> staging_;  // whole blocks, the first of which may have been written in part
  std::size_t tail_ = 0;                         // of it
  std::int64_t size_ = 0;
};

}  // namespace speechcoach::spool
