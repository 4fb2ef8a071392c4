#include "api/auth/jwt_secret.h"

#include <cerrno>
#include <cstring>
#include <sstream>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "api/http/text.h"
#include "base/id.h"

namespace speechcoach::api {
namespace {

constexpr std::size_t kMinSecretBytes = 32;
constexpr std::size_t kMaxFileBytes = 4096;

base::Error Fault(const std::filesystem::path& file, std::string_view what) {
  return {base::ErrorCode::kBadConfig, fmt::format("token secret {}: {}", file.string(), what)};
}

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int get() const { return descriptor_; }
  bool ok() const { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

base::Result<std::vector<std::string>> Read(const std::filesystem::path& path) {
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.ok()) return Fault(path, std::strerror(errno));
  struct stat info{};
  if (::fstat(file.get(), &info) != 0) return Fault(path, std::strerror(errno));
  if (!S_ISREG(info.st_mode)) return Fault(path, "is not a file");
  if ((info.st_mode & 077) != 0) return Fault(path, "others may read it; make its mode 0600");
  std::string text(kMaxFileBytes, '\0');
  const ssize_t length = ::read(file.get(), text.data(), text.size());
  if (length < 0) return Fault(path, std::strerror(errno));
  text.resize(static_cast<std::size_t>(length));
  std::vector<std::string> secrets;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    while (line.ends_with('\r')) line.pop_back();
    if (line.size() < kMinSecretBytes)
      return Fault(path, "holds one shorter than 32 characters; delete it to have a new one made");
    secrets.push_back(line);
  }
  if (secrets.empty()) return Fault(path, "is empty; delete it to have a new one made");
  return secrets;
}

// Written whole under another name, then linked: the name never leads to half a secret, and only one process's link holds.
base::Status Create(const std::filesystem::path& path) {
  std::error_code ignored;
  std::filesystem::create_directories(path.parent_path(), ignored);
  const std::filesystem::path draft = path.string() + "." + base::RandomHex(8);
  const std::string secret = base::RandomHex(kMinSecretBytes) + "\n";
  bool is_written = false;
  {
    const File file(::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file.ok()) return Fault(path, std::strerror(errno));
    is_written =
        ::write(file.get(), secret.data(), secret.size()) == static_cast<ssize_t>(secret.size()) && ::fsync(file.get()) == 0;
  }
  const bool is_linked = is_written && (::link(draft.c_str(), path.c_str()) == 0 || errno == EEXIST);
  const int fault = errno;
  ::unlink(draft.c_str());
  if (!is_linked) return Fault(path, std::strerror(fault));
  return {};
}

}  // namespace

base::Result<std::vector<std::string>> LoadOrCreateSecrets(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) {
    if (const base::Status created = Create(file); !created.ok()) return created.error();
  }
  return Read(file);
}

base::Result<std::vector<std::string>> TokenSecrets(const base::Config& config) {
  if (config.auth.jwt_secret.empty()) return LoadOrCreateSecrets(std::filesystem::path(config.data_dir) / "jwt_secret");
  std::vector<std::string> secrets;
  for (const std::string_view secret : SplitList(config.auth.jwt_secret)) secrets.emplace_back(secret);
  return secrets;
}

}  // namespace speechcoach::api
