// The keys that protect the providers' keys.
#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include "base/result.h"

namespace speechcoach::llm {

// A file of Fernet keys, one a line, the newest first, mode 0600. All calls make it with one key where it is missing; two
// processes that do so at once agree on one.
class MasterKeyFile {
 public:
  explicit MasterKeyFile(std::filesystem::path path) : path_(std::move(path)) {}

  // Comma-separated, as Fernet::FromKeys takes them. kBadConfig: unreadable, readable by others, or empty.
  base::Result<std::string> Read() const;

  // Replaces all, atomically and on the disk. kBadConfig.
  base::Status Write(const std::string& comma_separated_keys) const;

  // Held by whoever reads, changes and writes; others wait for it, in whatever process. Ends with its owner.
  class Lock {
   public:
    explicit Lock(int descriptor) : descriptor_(descriptor) {}
    Lock(Lock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    Lock& operator=(Lock&&) = delete;
    ~Lock();
    bool Wait() const;  // false: errno says why

   private:
    int descriptor_;
  };
  // kBadConfig: the file beside it (".lock") cannot be made.
  base::Result<Lock> Acquire() const;

 private:
  const std::filesystem::path path_;
};

}  // namespace speechcoach::llm
