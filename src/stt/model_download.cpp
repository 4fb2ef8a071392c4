#include "stt/model_download.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <memory>
#include <mutex>
#include <system_error>
#include <utility>
#include <vector>

#include <curl/curl.h>
#include <fmt/format.h>
#include <openssl/evp.h>

#include "stt/model_store.h"

namespace speechcoach::stt {
namespace {

namespace fs = std::filesystem;

constexpr int kTries = 6;
constexpr long kConnectS = 20;
constexpr long kStalledS = 30;  // without a byte

base::Error Unavailable(std::string message) { return {base::ErrorCode::kModelUnavailable, std::move(message)}; }

std::uint64_t SizeOf(const fs::path& path) {
  std::error_code none;
  const auto size = fs::file_size(path, none);
  return none ? 0 : size;
}

fs::path With(const fs::path& path, const char* ending) { return fs::path(path).concat(ending); }

struct Transfer {
  std::ofstream file;
  std::uint64_t before = 0;  // bytes that earlier tries got
  const ModelDownload* download = nullptr;
};

std::size_t Write(char* data, std::size_t size, std::size_t count, void* user_data) {
  auto& transfer = *static_cast<Transfer*>(user_data);
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
  long status = 0;
  std::string message;
};

// One try, from what `part` holds already.
Outcome Fetch(const ModelDownload& download, const fs::path& part) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(), curl_easy_cleanup);
  if (!curl) return {CURLE_FAILED_INIT, 0, "out of memory"};
  Transfer transfer{std::ofstream(part, std::ios::binary | std::ios::app), SizeOf(part), &download};
  if (!transfer.file) return {CURLE_WRITE_ERROR, 0, part.string() + " cannot be written"};
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
  curl_easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, why.data());
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, Write);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(curl.get(), CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl.get(), CURLOPT_XFERINFOFUNCTION, Progress);
  curl_easy_setopt(curl.get(), CURLOPT_XFERINFODATA, &transfer);
  Outcome outcome;
  outcome.code = curl_easy_perform(curl.get());
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &outcome.status);
  outcome.message = why[0] != '\0' ? why.data() : curl_easy_strerror(outcome.code);
  transfer.file.close();
  if (outcome.code == CURLE_OK && !transfer.file) return {CURLE_WRITE_ERROR, 0, part.string() + " cannot be written"};
  return outcome;
}

// The server has no such place in the file to go on from.
bool MustBeginAnew(const Outcome& outcome) { return outcome.code == CURLE_RANGE_ERROR || outcome.status == 416; }

bool MayPass(const Outcome& outcome) {
  if (outcome.code == CURLE_HTTP_RETURNED_ERROR) return outcome.status >= 500 || outcome.status == 429;
  return outcome.code == CURLE_PARTIAL_FILE || outcome.code == CURLE_RECV_ERROR || outcome.code == CURLE_GOT_NOTHING ||
         outcome.code == CURLE_OPERATION_TIMEDOUT || outcome.code == CURLE_HTTP2_STREAM;
}

bool SameDigits(const std::string& one, const std::string& other) {
  return std::ranges::equal(one, other, [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

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
  std::string hexadecimal;
  for (unsigned int i = 0; i < size; ++i) hexadecimal += fmt::format("{:02x}", digest[i]);
  return hexadecimal;
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
  Outcome outcome;
  for (int attempt = 0; attempt < kTries; ++attempt) {
    outcome = Fetch(download, part);
    if (outcome.code == CURLE_OK) break;
    if (MustBeginAnew(outcome)) {
      fs::remove(part, fault);
    } else if (!MayPass(outcome)) {
      break;
    }
  }
  if (outcome.code != CURLE_OK) {
    if (SizeOf(part) == 0) fs::remove(part, fault);
    return Unavailable(fmt::format("{}: {}; the same command goes on from the {} bytes that have come", download.url,
                                   outcome.message, SizeOf(part)));
  }

  const auto digest = Sha256Of(part);
  if (!digest.ok()) return digest.error();
  if (!download.sha256.empty() && !SameDigits(*digest, download.sha256)) {
    fs::remove(part, fault);
    return Unavailable(fmt::format("{}: its sha256 is {}, not {}; it was thrown away", download.url, *digest, download.sha256));
  }
  if (const base::Status whole = CheckModelFile(part); !whole.ok()) {
    fs::remove(part, fault);
    return Unavailable(fmt::format("{}: {}; it was thrown away", download.url, whole.error().message));
  }
  std::ofstream(With(download.target, ".sha256")) << *digest << "  " << download.target.filename().string() << '\n';
  fs::rename(part, download.target, fault);
  if (fault) return Unavailable(fmt::format("{}: {}", download.target.string(), fault.message()));
  return {};
}

}  // namespace speechcoach::stt
