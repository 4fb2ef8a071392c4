#include "llm/keys/master_key.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/id.h"
#include "llm/keys/fernet.h"

namespace speechcoach::llm {
namespace {

base::Error Fault(const std::filesystem::path& path, std::string_view what) {
  return {base::ErrorCode::kBadConfig, fmt::format("master key file {}: {}", path.string(), what)};
}

// The path of a new file beside `path` with that content, on the disk.
base::Result<std::filesystem::path> WriteDraft(const std::filesystem::path& path, const std::string& content) {
  std::error_code ignored;
  std::filesystem::create_directories(path.parent_path(), ignored);
  std::filesystem::path draft = path.string() + "." + base::RandomHex(8);
  const int file = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return Fault(path, std::strerror(errno));
  const bool is_written =
      ::write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size()) && ::fsync(file) == 0;
  const int fault = errno;
  ::close(file);
  if (is_written) return draft;
  ::unlink(draft.c_str());
  return Fault(path, std::strerror(fault));
}

// Without it the new name may be gone after a power cut, and with it the only key to what the database keeps.
base::Status SyncFolder(const std::filesystem::path& path) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool is_synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  const int fault = errno;
  if (descriptor >= 0) ::close(descriptor);
  return is_synced ? base::Status() : base::Status(Fault(path, std::strerror(fault)));
}

}  // namespace

MasterKeyFile::Lock::~Lock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool MasterKeyFile::Lock::Wait() const { return descriptor_ >= 0 && ::flock(descriptor_, LOCK_EX) == 0; }

base::Result<MasterKeyFile::Lock> MasterKeyFile::Acquire() const {
  const std::string beside = path_.string() + ".lock";
  Lock lock(::open(beside.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock.Wait()) return Fault(path_, std::strerror(errno));
  return lock;
}

base::Result<std::string> MasterKeyFile::Read() const {
  std::error_code ignored;
  if (!std::filesystem::exists(path_, ignored)) {
    const auto draft = WriteDraft(path_, Fernet::NewKey() + "\n");
    if (!draft.ok()) return draft.error();
    // A link fails where the name is taken: then the other process's key holds.
    const bool is_linked = ::link(draft->c_str(), path_.c_str()) == 0 || errno == EEXIST;
    const int fault = errno;
    ::unlink(draft->c_str());
    if (!is_linked) return Fault(path_, std::strerror(fault));
    if (const base::Status synced = SyncFolder(path_); !synced.ok()) return synced.error();
  }
  struct stat info{};
  if (::stat(path_.c_str(), &info) != 0) return Fault(path_, std::strerror(errno));
  if ((info.st_mode & 077) != 0) return Fault(path_, "others may read it; make its mode 0600");
  std::ifstream file(path_);
  std::string keys;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty()) keys += (keys.empty() ? "" : ",") + line;
  }
  if (keys.empty()) return Fault(path_, "holds no key");
  return keys;
}

base::Status MasterKeyFile::Write(const std::string& comma_separated_keys) const {
  std::string lines = comma_separated_keys + "\n";
  for (char& c : lines) c = c == ',' ? '\n' : c;
  const auto draft = WriteDraft(path_, lines);
  if (!draft.ok()) return draft.error();
  if (::rename(draft->c_str(), path_.c_str()) == 0) return SyncFolder(path_);
  const int fault = errno;
  ::unlink(draft->c_str());
  return Fault(path_, std::strerror(fault));
}

}  // namespace speechcoach::llm
