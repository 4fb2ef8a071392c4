#include "storage/internal/file_blob_store.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <memory>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/id.h"
#include "storage/internal/private_folder.h"

namespace speechcoach::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxKeyLength = 500;
constexpr const char* kUnfinishedFolder = ".unfinished";
constexpr std::chrono::hours kUnfinishedLifetime{1};

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const { return number_; }

 private:
  const int number_;
};

// Removed when it goes, unless it was renamed away.
class UnfinishedFile {
 public:
  explicit UnfinishedFile(fs::path path) : path_(std::move(path)) {}
  ~UnfinishedFile() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  UnfinishedFile(const UnfinishedFile&) = delete;
  UnfinishedFile& operator=(const UnfinishedFile&) = delete;

  const fs::path& path() const { return path_; }

  base::Status MoveTo(const fs::path& place) {
    if (::rename(path_.c_str(), place.c_str()) != 0) return FileError("put in place", place, errno);
    path_.clear();
    return {};
  }

 private:
  fs::path path_;
};

base::Status WriteAndSync(const fs::path& path, std::span<const std::uint8_t> bytes) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.number() < 0) return FileError("create", path, errno);
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.number(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return FileError("write", path, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  if (::fsync(file.number()) != 0) return FileError("sync", path, errno);
  return {};
}

void RemoveOldFiles(const fs::path& folder) {
  const auto oldest_kept = fs::file_time_type::clock::now() - kUnfinishedLifetime;
  std::error_code ignored;  // another process may be removing the same files
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    const fs::file_time_type changed = entry.last_write_time(ignored);
    if (!ignored && changed < oldest_kept) fs::remove(entry.path(), ignored);
  }
}

}  // namespace

base::Error BadBlobKey() { return {base::ErrorCode::kBadField, "not a key of the audio store"}; }

bool IsValidBlobKey(std::string_view key) {
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '/';
  };
  if (key.empty() || key.size() > kMaxKeyLength || key.back() == '/' || !std::ranges::all_of(key, is_allowed)) return false;
  char previous = '/';
  for (const char c : key) {
    if (previous == '/' && (c == '/' || c == '.')) return false;
    previous = c;
  }
  return true;
}

base::Result<std::unique_ptr<BlobStore>> FileBlobStore::Open(const fs::path& root) {
  const fs::path unfinished = root / kUnfinishedFolder;
  if (const base::Status made = MakePrivateFolder(unfinished); !made.ok()) return made.error();
  RemoveOldFiles(unfinished);
  return std::unique_ptr<BlobStore>(std::make_unique<FileBlobStore>(root));
}

base::Status FileBlobStore::Put(std::string_view key, std::span<const std::uint8_t> bytes) {
  if (!IsValidBlobKey(key)) return BadBlobKey();
  const fs::path place = root_ / key;
  if (const base::Status made = MakePrivateFolder(place.parent_path()); !made.ok()) return made;
  UnfinishedFile unfinished(root_ / kUnfinishedFolder / base::RandomHex(16));
  if (const base::Status written = WriteAndSync(unfinished.path(), bytes); !written.ok()) return written;
  if (const base::Status moved = unfinished.MoveTo(place); !moved.ok()) return moved;
  return SyncFolder(place.parent_path());
}

base::Result<std::vector<std::uint8_t>> FileBlobStore::Get(std::string_view key) {
  if (!IsValidBlobKey(key)) return BadBlobKey();
  const fs::path place = root_ / key;
  const Descriptor file(::open(place.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0 && (errno == ENOENT || errno == ENOTDIR)) return {base::ErrorCode::kNotFound, "no such recording"};
  struct stat status = {};
  if (file.number() < 0 || ::fstat(file.number(), &status) != 0) return FileError("open", place, errno);
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(status.st_size));
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const ssize_t count = ::read(file.number(), bytes.data() + filled, bytes.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return FileError("read", place, errno);
    if (count == 0) return FileError("read", place, EIO);
    filled += static_cast<std::size_t>(count);
  }
  return bytes;
}

base::Status FileBlobStore::Delete(std::string_view key) {
  if (!IsValidBlobKey(key)) return BadBlobKey();
  const fs::path place = root_ / key;
  if (::unlink(place.c_str()) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return {};
    return FileError("remove", place, errno);
  }
  return SyncFolder(place.parent_path());
}

}  // namespace speechcoach::storage
