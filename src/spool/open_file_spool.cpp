#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include <fmt/format.h>

#include "base/id.h"
#include "spool/audio_spool.h"
#include "spool/internal/file_spool.h"

namespace speechcoach::spool {

base::Result<std::unique_ptr<AudioSpool>> OpenFileSpool(const FileSpoolOptions& options, const base::Clock& clock) {
  // The name of a process's folder: those of a machine that is gone may lie here too, so its number would not do.
  const std::filesystem::path folder = options.folder / base::RandomHex(8);
  std::error_code fault;
  std::filesystem::create_directories(folder, fault);
  if (fault) return {base::ErrorCode::kStorageUnavailable, fmt::format("{}: {}", folder.string(), fault.message())};
  const int lock = ::open((folder / kLockName).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0 || ::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    const std::string reason = std::strerror(errno);
    if (lock >= 0) ::close(lock);
    return {base::ErrorCode::kStorageUnavailable, fmt::format("{}: {}", folder.string(), reason)};
  }
  return std::unique_ptr<AudioSpool>(std::make_unique<FileSpool>(options, clock, folder, lock));
}

}  // namespace speechcoach::spool
