#include "spool/internal/segment_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>

#include <fmt/format.h>

namespace speechcoach::spool {
namespace {

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
  std::shared_ptr<SegmentFile> file(new SegmentFile(path, descriptor));
  // A sync need not write the file's size then. Where the file system cannot reserve, the file just grows.
  const int fault = ::posix_fallocate(descriptor, 0, reserve);
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
  return std::shared_ptr<SegmentFile>(new SegmentFile(path, descriptor));
}

SegmentFile::~SegmentFile() { ::close(descriptor_); }

base::Status SegmentFile::Append(std::span<const std::span<const std::uint8_t>> parts) {
  std::vector<iovec> left;
  for (const auto part : parts) {
    if (!part.empty()) left.push_back({const_cast<std::uint8_t*>(part.data()), part.size()});
  }
  for (std::size_t first = 0; first < left.size();) {
    const std::size_t count = std::min<std::size_t>(left.size() - first, IOV_MAX);
    ssize_t written = ::pwritev(descriptor_, &left[first], static_cast<int>(count), size_);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return Failed("write");
    size_ += written;
    for (; first < left.size() && static_cast<std::size_t>(written) >= left[first].iov_len; ++first) {
      written -= static_cast<ssize_t>(left[first].iov_len);
    }
    if (written == 0) continue;
    left[first].iov_base = static_cast<std::uint8_t*>(left[first].iov_base) + written;
    left[first].iov_len -= static_cast<std::size_t>(written);
  }
  return {};
}

base::Status SegmentFile::Sync() {
  if (::fdatasync(descriptor_) != 0) return Failed("sync");
  return {};
}

void SegmentFile::GiveBackReserve() {
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
