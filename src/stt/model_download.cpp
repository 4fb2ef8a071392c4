#include "stt/model_download.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <fstream>
#include <memory>
#include <mutex>
#include <span>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <curl/curl.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/url.h"
#include "stt/model_store.h"

namespace speechcoach::stt {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

constexpr int kTries = 6;
constexpr seconds kFirstPause{1};
constexpr seconds kLongestPause{60};  // that a server may ask for
constexpr long kConnectS = 20;
constexpr long kStalledS = 30;  // without a byte

base::Error Unavailable(std::string message) { return {base::ErrorCode::kModelUnavailable, std::move(message)}; }

std::uint64_t SizeOf(const fs::path& path) {
  std::error_code none;
  const auto size = fs::file_size(path, none);
  return none ? 0 : size;
}

fs::path With(const fs::path& path, const char* ending) { return fs::path(path).concat(ending); }

std::string Hexadecimal(std::span<const unsigned char> digest) {
  std::string text;
  for (const unsigned char byte : digest) text += fmt::format("{:02x}", byte);
  return text;
}

// Which file the bytes of a part are of.
struct Origin {
  std::string url_sha256;  // an address may hold a password
  std::string validator;   // its ETag, else its Last-Modified; empty where the server tells neither
};

fs::path OriginOf(const fs::path& part) { return With(part, ".from"); }

Origin ReadOrigin(const fs::path& part) {
  std::ifstream file(OriginOf(part));
  Origin origin;
  std::getline(file, origin.url_sha256);
  std::getline(file, origin.validator);
  return origin;
}

bool WriteOrigin(const fs::path& part, const Origin& origin) {
  std::ofstream file(OriginOf(part));
  file << origin.url_sha256 << '\n' << origin.validator << '\n';
  file.close();
  return !file.fail();
}

void Discard(const fs::path& part) {
  std::error_code none;
  fs::remove(part, none);
  fs::remove(OriginOf(part), none);
}

struct Transfer {
  CURL* curl = nullptr;
  const ModelDownload* download = nullptr;
  fs::path part;
  std::ofstream file{};
  std::uint64_t before = 0;  // bytes that earlier tries got from this address
  Origin origin;
  bool has_begun = false;
  bool is_another_file = false;
};

// Of the last answer, without those that led to it.
std::string Header(CURL* curl, const char* name) {
  curl_header* header = nullptr;
  return curl_easy_header(curl, name, 0, CURLH_HEADER, -1, &header) == CURLHE_OK ? header->value : "";
}

// The server has by now another file than the one that the part is of.
bool IsAnother(const Transfer& transfer) {
  const std::string& validator = transfer.origin.validator;
  const std::string now = Header(transfer.curl, validator.ends_with('"') ? "ETag" : "Last-Modified");
  return !validator.empty() && !now.empty() && now != validator;
}

// Before the first byte: false where nothing can be written, or the server goes on with another file (not all heed If-Range). What
// came from another address stays until then: an address that was mistyped must not cost it.
bool Begin(Transfer& transfer) {
  transfer.has_begun = true;
  Origin& origin = transfer.origin;
  if (transfer.before == 0) {
    origin.validator = Header(transfer.curl, "ETag");
    if (origin.validator.empty()) origin.validator = Header(transfer.curl, "Last-Modified");
    Discard(transfer.part);
    transfer.file.open(transfer.part, std::ios::binary);
    return transfer.file && WriteOrigin(transfer.part, origin);
  }
  transfer.is_another_file = IsAnother(transfer);
  transfer.file.open(transfer.part, std::ios::binary | std::ios::app);
  return !transfer.is_another_file && transfer.file;
}

std::size_t Write(char* data, std::size_t size, std::size_t count, void* user_data) {
  auto& transfer = *static_cast<Transfer*>(user_data);
  if (!transfer.has_begun && !Begin(transfer)) return 0;
  transfer.file.write(data, static_cast<std::streamsize>(size * count));
  return transfer.file ? size * count : 0;
}

int Progress(void* user_data, curl_off_t total, curl_off_t now, curl_off_t, curl_off_t) {
  const auto& transfer = *static_cast<Transfer*>(user_data);
  if (transfer.download->on_progress) {
    const std::uint64_t all = total > 0 ? transfer.before + static_cast<std::uint64_t>(total) : 0;
    transfer.download->on_progress(transfer.before + static_cast<std::uint64_t>(now), all);
  }
  return 0;
}

struct Outcome {
  CURLcode code = CURLE_OK;
  long status = 0;  // 0: no answer
  std::string message;
  seconds retry_after{0};
  std::uint64_t bytes = 0;  // that the next try can go on from
};

// One try, from what `part` holds already of this address.
Outcome Fetch(const ModelDownload& download, const fs::path& part) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(), curl_easy_cleanup);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  std::size_t size = 0;
  if (!curl || EVP_Q_digest(nullptr, "SHA256", nullptr, download.url.data(), download.url.size(), digest.data(), &size) != 1)
    return {CURLE_FAILED_INIT, 0, "out of memory"};
  const std::string url_sha256 = Hexadecimal(std::span(digest).first(size));
  Transfer transfer{.curl = curl.get(), .download = &download, .part = part, .origin = ReadOrigin(part)};
  if (transfer.origin.url_sha256 == url_sha256) {
    transfer.before = SizeOf(part);
  } else {
    transfer.origin = {url_sha256, ""};
  }
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(nullptr, curl_slist_free_all);
  // A weak ETag may not stand there; Begin compares it.
  if (const std::string& validator = transfer.origin.validator;
      transfer.before > 0 && !validator.empty() && !validator.starts_with("W/"))
    headers.reset(curl_slist_append(nullptr, ("If-Range: " + validator).c_str()));
  std::array<char, CURL_ERROR_SIZE> why{};
  curl_easy_setopt(curl.get(), CURLOPT_URL, download.url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https,file");
  curl_easy_setopt(curl.get(), CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl.get(), CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_CONNECTTIMEOUT, kConnectS);
  curl_easy_setopt(curl.get(), CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_LOW_SPEED_TIME, kStalledS);
  curl_easy_setopt(curl.get(), CURLOPT_RESUME_FROM_LARGE, static_cast<curl_off_t>(transfer.before));
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, why.data());
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, Write);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(curl.get(), CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl.get(), CURLOPT_XFERINFOFUNCTION, Progress);
  curl_easy_setopt(curl.get(), CURLOPT_XFERINFODATA, &transfer);
  Outcome outcome;
  outcome.code = curl_easy_perform(curl.get());
  // Of a file as long as what has come already, libcurl writes nothing.
  if (outcome.code == CURLE_OK && !transfer.has_begun && transfer.before > 0) transfer.is_another_file = IsAnother(transfer);
  if (transfer.is_another_file) outcome.code = CURLE_RANGE_ERROR;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &outcome.status);
  curl_off_t retry_after_s = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RETRY_AFTER, &retry_after_s);
  outcome.retry_after = seconds(retry_after_s);
  outcome.message = why[0] != '\0' ? why.data() : curl_easy_strerror(outcome.code);
  transfer.file.close();
  if (outcome.code == CURLE_OK && transfer.has_begun && !transfer.file) outcome.code = CURLE_WRITE_ERROR;
  if (outcome.code == CURLE_WRITE_ERROR) outcome.message = part.string() + " cannot be written; make room for it";
  outcome.bytes = transfer.has_begun ? SizeOf(part) : transfer.before;
  if (outcome.code == CURLE_OK && outcome.bytes == 0) {
    outcome.code = CURLE_WEIRD_SERVER_REPLY;
    outcome.message = "the file is empty";
  }
  return outcome;
}

// The server has no such place in the file to go on from, or no longer the file.
bool MustBeginAnew(const Outcome& outcome) {
  return outcome.code == CURLE_RANGE_ERROR || outcome.code == CURLE_BAD_DOWNLOAD_RESUME || outcome.status == 416;
}

// Where nobody has answered yet, an address to which no connection comes about is a wrong one.
bool MayPass(const Outcome& outcome, bool has_answered) {
  if (outcome.code == CURLE_HTTP_RETURNED_ERROR) return outcome.status >= 500 || outcome.status == 429;
  if (outcome.code == CURLE_COULDNT_CONNECT || outcome.code == CURLE_COULDNT_RESOLVE_HOST ||
      outcome.code == CURLE_SSL_CONNECT_ERROR)
    return has_answered;
  return outcome.code == CURLE_PARTIAL_FILE || outcome.code == CURLE_RECV_ERROR || outcome.code == CURLE_GOT_NOTHING ||
         outcome.code == CURLE_OPERATION_TIMEDOUT || outcome.code == CURLE_HTTP2_STREAM;
}

bool IsMissing(const Outcome& outcome) { return outcome.status == 404 || outcome.code == CURLE_FILE_COULDNT_READ_FILE; }

base::Error Failure(const ModelDownload& download, const Outcome& outcome) {
  std::string message = fmt::format("{}: {}", base::WithoutCredentials(download.url), outcome.message);
  if (outcome.retry_after > kLongestPause)
    message += fmt::format("; the server asks to be left alone for {} s", outcome.retry_after.count());
  if (outcome.bytes > 0) message += fmt::format("; the same command goes on from the {} bytes that have come", outcome.bytes);
  return {IsMissing(outcome) ? base::ErrorCode::kNotFound : base::ErrorCode::kModelUnavailable, std::move(message)};
}

bool SameDigits(const std::string& one, const std::string& other) {
  return std::ranges::equal(one, other, [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

// Two that pull one model at a time would each add to the other's part. Held until the program ends, however it ends.
class PartLock {
 public:
  explicit PartLock(const fs::path& part)
      : path_(With(part, ".lock")), descriptor_(::open(path_.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644)) {
    is_held_ = descriptor_ >= 0 && ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0;
  }
  ~PartLock() {
    if (is_held_) ::unlink(path_.c_str());
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  PartLock(const PartLock&) = delete;
  PartLock& operator=(const PartLock&) = delete;

  base::Status status() const {
    if (is_held_) return {};
    if (descriptor_ < 0) return Unavailable(fmt::format("{} cannot be made: check the folder's rights", path_.string()));
    return Unavailable(fmt::format("{} is being pulled already; wait for that to end", path_.stem().stem().filename().string()));
  }

 private:
  fs::path path_;
  int descriptor_;
  bool is_held_ = false;
};

}  // namespace

base::Result<std::string> Sha256Of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  if (!file || !context || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1)
    return Unavailable(path.string() + " cannot be read");
  std::vector<char> block(1 << 20);
  while (file) {
    file.read(block.data(), static_cast<std::streamsize>(block.size()));
    if (EVP_DigestUpdate(context.get(), block.data(), static_cast<std::size_t>(file.gcount())) != 1)
      return Unavailable("sha256 failed");
  }
  if (!file.eof()) return Unavailable(path.string() + " cannot be read");
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_DigestFinal_ex(context.get(), digest.data(), &size) != 1) return Unavailable("sha256 failed");
  return Hexadecimal(std::span(digest).first(size));
}

std::string KeptSha256(const fs::path& path) {
  std::ifstream file(With(path, ".sha256"));
  std::string digest;
  file >> digest;
  return digest;
}

base::Status DownloadModel(const ModelDownload& download) {
  std::error_code fault;
  fs::create_directories(download.target.parent_path(), fault);
  if (fault) return Unavailable(fmt::format("{}: {}", download.target.parent_path().string(), fault.message()));
  const fs::path part = With(download.target, ".part");
  const PartLock lock(part);
  if (const base::Status free = lock.status(); !free.ok()) return free;
  const auto sleep = [](seconds pause) { std::this_thread::sleep_for(pause); };
  const std::function<void(seconds)> wait = download.wait ? download.wait : sleep;
  Outcome outcome;
  bool has_answered = false;
  seconds pause = kFirstPause;
  for (int tries_left = kTries - 1; tries_left >= 0; --tries_left) {
    outcome = Fetch(download, part);
    if (MustBeginAnew(outcome)) {
      Discard(part);
      outcome.bytes = 0;
      continue;
    }
    has_answered = has_answered || outcome.status != 0;
    if (outcome.code == CURLE_OK || !MayPass(outcome, has_answered) || outcome.retry_after > kLongestPause || tries_left == 0)
      break;
    wait(std::max(pause, outcome.retry_after));
    pause *= 2;
  }
  if (outcome.code != CURLE_OK) return Failure(download, outcome);

  const std::string from = base::WithoutCredentials(download.url);
  const auto digest = Sha256Of(part);
  if (!digest.ok()) return digest.error();
  if (!download.sha256.empty() && !SameDigits(*digest, download.sha256)) {
    Discard(part);
    return Unavailable(fmt::format("{}: its sha256 is {}, not {}; it was thrown away", from, *digest, download.sha256));
  }
  if (const base::Status whole = CheckModelFile(part); !whole.ok()) {
    Discard(part);
    return Unavailable(fmt::format("{}: {}; it was thrown away", from, whole.error().message));
  }
  const fs::path kept = With(download.target, ".sha256");
  fs::remove(kept, fault);  // that of an earlier file never stands beside this one
  fs::rename(part, download.target, fault);
  if (fault) return Unavailable(fmt::format("{}: {}", download.target.string(), fault.message()));
  Discard(part);
  std::ofstream file(kept);
  file << *digest << "  " << download.target.filename().string() << '\n';
  file.close();
  if (file.fail()) {
    fs::remove(kept, fault);
    return Unavailable(
        fmt::format("{} is in its place, but its checksum cannot be kept: {} cannot be written; make room for it and pull again",
                    download.target.string(), kept.string()));
  }
  return {};
}

}  // namespace speechcoach::stt
