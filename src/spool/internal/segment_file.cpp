#include "spool/internal/segment_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>

#include <fmt/format.h>

namespace speechcoach::spool {
namespace {

constexpr std::size_t kBlockBytes = 4096;  // no disk has larger ones
constexpr std::size_t kStagingBytes = 1024 * 1024;

base::Error Failed(const char* step) {
  return {base::ErrorCode::kStorageUnavailable, fmt::format("spool: {}: {}", step, std::strerror(errno))};
}

// A new file is there after a power cut only once its folder is on disk too.
bool SyncFolder(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool is_synced = ::fsync(descriptor) == 0;
  ::close(descriptor);
  return is_synced;
}

}  // namespace

base::Result<std::shared_ptr<SegmentFile>> SegmentFile::Create(const std::filesystem::path& path, std::int64_t reserve) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) return Failed("create");
  int writer = ::open(path.c_str(), O_WRONLY | O_DIRECT | O_CLOEXEC);
  if (writer < 0 && errno == EINVAL) writer = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  std::shared_ptr<SegmentFile> file(new SegmentFile(path, descriptor, writer));
  if (writer < 0) return Failed("open");
  file->staging_.reset(static_cast<std::uint8_t*>(std::aligned_alloc(kBlockBytes, kStagingBytes)));
  if (!file->staging_) throw std::bad_alloc();
  // A sync need not write the file's size then. Where the file system cannot reserve, the file just grows.
  const int fault = ::posix_fallocate(writer, 0, reserve);
  if (fault == ENOSPC || fault == EDQUOT || fault == EFBIG) {
    ::unlink(path.c_str());
    errno = fault;
    return Failed("reserve");
  }
  if (!SyncFolder(path.parent_path())) return Failed("sync folder");
  return file;
}

base::Result<std::shared_ptr<SegmentFile>> SegmentFile::OpenToRead(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return Failed("open");
  return std::shared_ptr<SegmentFile>(new SegmentFile(path, descriptor, -1));
}

SegmentFile::~SegmentFile() {
  ::close(descriptor_);
  if (writer_ >= 0) ::close(writer_);
}

base::Status SegmentFile::Append(std::span<const std::span<const std::uint8_t>> parts) {
  std::size_t filled = tail_;
  for (auto part : parts) {
    while (!part.empty()) {
      const std::size_t now = std::min(part.size(), kStagingBytes - filled);
      std::memcpy(staging_.get() + filled, part.data(), now);
      filled += now;
      part = part.subspan(now);
      if (filled < kStagingBytes) continue;
      if (const base::Status written = WriteStaged(filled); !written.ok()) return written;
      filled = tail_;
    }
  }
  return filled == tail_ ? base::Status() : WriteStaged(filled);
}

// Whole blocks; what the last one has of content is kept, to be written again with what follows.
base::Status SegmentFile::WriteStaged(std::size_t bytes) {
  const std::size_t padded = (bytes + kBlockBytes - 1) / kBlockBytes * kBlockBytes;
  std::memset(staging_.get() + bytes, 0, padded - bytes);
  const std::int64_t offset = size_ - static_cast<std::int64_t>(tail_);
  for (std::size_t done = 0; done < padded;) {
    const ssize_t written = ::pwrite(writer_, staging_.get() + done, padded - done, offset + static_cast<std::int64_t>(done));
    if (written < 0 && errno == EINTR) continue;
    // The file system takes the flag, but not for this.
    if (written < 0 && errno == EINVAL && (::fcntl(writer_, F_GETFL) & O_DIRECT) != 0) {
      ::fcntl(writer_, F_SETFL, ::fcntl(writer_, F_GETFL) & ~O_DIRECT);
      continue;
    }
    const std::size_t blocks = written > 0 ? static_cast<std::size_t>(written) / kBlockBytes * kBlockBytes : 0;
    if (blocks == 0) {
      const base::Error failed = Failed("write");
      // Another process may have found what came so far.
      size_ = std::max(size_, offset + static_cast<std::int64_t>(std::min(bytes, done)));
      return failed;
    }
    done += blocks;
  }
  size_ = offset + static_cast<std::int64_t>(bytes);
  tail_ = bytes % kBlockBytes;
  std::memmove(staging_.get(), staging_.get() + bytes - tail_, tail_);
  return {};
}

base::Status SegmentFile::Sync() {
  if (::fdatasync(descriptor_) != 0) return Failed("sync");
  return {};
}

void SegmentFile::GiveBackReserve() {
  EndAppending();
  if (::ftruncate(descriptor_, size_) != 0) return;  // it goes with the file
}

base::Result<std::size_t> SegmentFile::ReadAt(std::int64_t offset, std::span<std::uint8_t> out) const {
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t got = ::pread(descriptor_, out.data() + done, out.size() - done, offset + static_cast<std::int64_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Failed("read");
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

}  // namespace speechcoach::spool
