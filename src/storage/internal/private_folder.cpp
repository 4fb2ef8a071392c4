#include "storage/internal/private_folder.h"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

namespace speechcoach::storage {

base::Error FileError(const char* action, const std::filesystem::path& path, int error_number) {
  return {base::ErrorCode::kStorageUnavailable,
          fmt::format("cannot {} {}: {}", action, path.string(), std::generic_category().message(error_number))};
}

base::Status SyncFolder(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return FileError("open", path, errno);
  const int failed = ::fsync(descriptor) != 0 ? errno : 0;
  ::close(descriptor);
  if (failed != 0) return FileError("sync", path, failed);
  return {};
}

base::Status MakePrivateFolder(const std::filesystem::path& path) {
  std::error_code ignored;
  if (path.empty() || std::filesystem::is_directory(path, ignored)) return {};
  const std::filesystem::path parent = path.parent_path();
  if (const base::Status made = MakePrivateFolder(parent); !made.ok()) return made;
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return FileError("make the folder", path, errno);
  if (!std::filesystem::is_directory(path, ignored)) return FileError("make the folder", path, ENOTDIR);
  return SyncFolder(parent.empty() ? "." : parent);
}

}  // namespace speechcoach::storage
