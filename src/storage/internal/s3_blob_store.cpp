#include "storage/internal/s3_blob_store.h"

#include <array>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <thread>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <boost/url.hpp>

#include "storage/internal/file_blob_store.h"

namespace speechcoach::storage {
namespace {

using base::ErrorCode;

constexpr long kConnectTimeoutMs = 3'000;
constexpr long kCallTimeoutMs = 30'000;
constexpr std::size_t kLongestAnswer = std::size_t{1} << 30;
constexpr std::array kPauses{std::chrono::milliseconds(200), std::chrono::milliseconds(800)};

base::Error BadUrl(std::string_view reason) {
  return {ErrorCode::kBadConfig,
          fmt::format("audio.url: {}; it is s3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION&style=path", reason)};
}

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string Sha256Hex(std::span<const std::uint8_t> bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr);
  std::string hex;
  for (unsigned int i = 0; i < length; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

std::size_t Receive(char* data, std::size_t, std::size_t size, void* body) {
  auto& bytes = *static_cast<std::vector<std::uint8_t>*>(body);
  if (bytes.size() + size > kLongestAnswer) return 0;
  bytes.insert(bytes.end(), data, data + size);
  return size;
}

std::size_t Send(char* buffer, std::size_t, std::size_t capacity, void* unsent) {
  auto& bytes = *static_cast<std::span<const std::uint8_t>*>(unsent);
  const std::size_t count = std::min(capacity, bytes.size());
  std::copy_n(bytes.begin(), count, buffer);
  bytes = bytes.subspan(count);
  return count;
}

bool MayPass(long status) { return status == 429 || status >= 500; }

base::Error Refused(const char* method, long status) {
  const char* reason = status == 403   ? "the keys may not do this"
                       : status == 404 ? "the bucket does not exist"
                       : status == 301 ? "the bucket is in another region"
                                       : "unexpected";
  return {ErrorCode::kStorageUnavailable, fmt::format("audio store: {} was answered {} ({})", method, status, reason)};
}

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

void AddHeader(HeaderList& headers, const std::string& line) {
  headers.reset(curl_slist_append(headers.release(), line.c_str()));
}

}  // namespace

base::Result<S3Location> ParseS3Url(std::string_view url) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed || parsed->scheme() != "s3") return BadUrl("it cannot be read");
  if (parsed->has_userinfo()) return BadUrl("keys belong into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
  S3Location location;
  location.bucket = parsed->host();
  location.prefix = parsed->path();
  if (!location.prefix.empty()) location.prefix.erase(0, 1);
  while (location.prefix.ends_with('/')) location.prefix.pop_back();
  if (!IsValidBlobKey(location.bucket) || location.bucket.find('/') != std::string::npos) return BadUrl("it names no bucket");
  if (!location.prefix.empty() && !IsValidBlobKey(location.prefix))
    return BadUrl("the prefix may hold a-z, 0-9, - _ . and / only");
  if (!location.prefix.empty()) location.prefix += '/';

  std::string style;
  for (const auto& parameter : parsed->params()) {
    if (parameter.key == "endpoint") {
      location.endpoint = parameter.value;
    } else if (parameter.key == "region") {
      location.region = parameter.value;
    } else if (parameter.key == "style") {
      style = parameter.value;
    } else {
      return BadUrl(fmt::format("'{}' is not known", std::string_view(parameter.key)));
    }
  }
  if (!style.empty() && style != "path" && style != "virtual") return BadUrl("style is path or virtual");
  if (location.region.empty()) location.region = "us-east-1";
  location.virtual_hosted = style.empty() ? location.endpoint.empty() : style == "virtual";
  if (location.endpoint.empty()) location.endpoint = fmt::format("https://s3.{}.amazonaws.com", location.region);
  while (location.endpoint.ends_with('/')) location.endpoint.pop_back();
  if (!location.endpoint.starts_with("http://") && !location.endpoint.starts_with("https://"))
    return BadUrl("the endpoint is an http(s) address");

  location.access_key = Environment("AWS_ACCESS_KEY_ID");
  location.secret_key = Environment("AWS_SECRET_ACCESS_KEY");
  if (location.access_key.empty() || location.secret_key.empty())
    return BadUrl("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set");
  return location;
}

// A connection of its own for the length of a call.
class S3BlobStore::Handle {
 public:
  explicit Handle(S3BlobStore& store) : store_(store) {
    {
      const std::lock_guard lock(store_.mutex_);
      if (!store_.free_.empty()) {
        handle_ = store_.free_.back();
        store_.free_.pop_back();
      }
    }
    if (handle_ == nullptr) handle_ = curl_easy_init();
  }
  ~Handle() {
    if (handle_ == nullptr) return;
    const std::lock_guard lock(store_.mutex_);
    store_.free_.push_back(handle_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  CURL* get() const { return handle_; }

 private:
  S3BlobStore& store_;
  CURL* handle_ = nullptr;
};

S3BlobStore::~S3BlobStore() {
  for (CURL* handle : free_) curl_easy_cleanup(handle);
}

base::Result<std::unique_ptr<BlobStore>> S3BlobStore::Open(S3Location location) {
  static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (initialised != CURLE_OK) return {ErrorCode::kStorageUnavailable, "libcurl cannot be used"};
  auto store = std::make_unique<S3BlobStore>(std::move(location));
  const base::Result<Answer> answer = store->Call("HEAD", "", {});
  if (!answer.ok()) return answer.error();
  if (answer->status != 200) return Refused("HEAD", answer->status);
  return std::unique_ptr<BlobStore>(std::move(store));
}

base::Status S3BlobStore::Put(std::string_view key, std::span<const std::uint8_t> bytes) {
  if (!IsValidBlobKey(key)) return BadBlobKey();
  const base::Result<Answer> answer = Call("PUT", key, bytes);
  if (!answer.ok()) return answer.error();
  if (answer->status != 200) return Refused("PUT", answer->status);
  return {};
}

base::Result<std::vector<std::uint8_t>> S3BlobStore::Get(std::string_view key) {
  if (!IsValidBlobKey(key)) return BadBlobKey();
  base::Result<Answer> answer = Call("GET", key, {});
  if (!answer.ok()) return answer.error();
  if (answer->status == 404) return {ErrorCode::kNotFound, "no such recording"};
  if (answer->status != 200) return Refused("GET", answer->status);
  return std::move(answer->body);
}

base::Status S3BlobStore::Delete(std::string_view key) {
  if (!IsValidBlobKey(key)) return BadBlobKey();
  const base::Result<Answer> answer = Call("DELETE", key, {});
  if (!answer.ok()) return answer.error();
  if (answer->status != 200 && answer->status != 204 && answer->status != 404) return Refused("DELETE", answer->status);
  return {};
}

std::string S3BlobStore::UrlOf(std::string_view key) const {
  const std::string path = key.empty() ? "" : location_.prefix + std::string(key);
  if (!location_.virtual_hosted)
    return fmt::format("{}/{}{}{}", location_.endpoint, location_.bucket, path.empty() ? "" : "/", path);
  const std::size_t host = location_.endpoint.find("://") + 3;
  return fmt::format("{}{}.{}/{}", location_.endpoint.substr(0, host), location_.bucket, location_.endpoint.substr(host), path);
}

base::Result<S3BlobStore::Answer> S3BlobStore::Call(const char* method, std::string_view key,
                                                    std::span<const std::uint8_t> body) {
  const Handle handle(*this);
  if (handle.get() == nullptr) return {ErrorCode::kStorageUnavailable, "audio store: no memory"};
  for (std::size_t attempt = 0;; ++attempt) {
    base::Result<Answer> answer = CallOnce(handle.get(), method, key, body);
    const bool failed = !answer.ok() || MayPass(answer->status);
    if (!failed || attempt == kPauses.size()) return answer;
    std::this_thread::sleep_for(kPauses[attempt]);
  }
}

base::Result<S3BlobStore::Answer> S3BlobStore::CallOnce(CURL* handle, const char* method, std::string_view key,
                                                        std::span<const std::uint8_t> body) {
  Answer answer;
  const std::string url = UrlOf(key);
  const std::string signature = fmt::format("aws:amz:{}:s3", location_.region);
  std::span<const std::uint8_t> unsent = body;
  HeaderList headers;
  // libcurl 7.88 signs this header and does not make it.
  AddHeader(headers, "x-amz-content-sha256: " + Sha256Hex(body));
  AddHeader(headers, "Content-Type: application/octet-stream");
  AddHeader(headers, "Expect:");

  curl_easy_reset(handle);
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, kConnectTimeoutMs);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, kCallTimeoutMs);
  curl_easy_setopt(handle, CURLOPT_AWS_SIGV4, signature.c_str());
  curl_easy_setopt(handle, CURLOPT_USERNAME, location_.access_key.c_str());
  curl_easy_setopt(handle, CURLOPT_PASSWORD, location_.secret_key.c_str());
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, Receive);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &answer.body);
  const std::string_view verb = method;
  if (verb == "PUT") {
    curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(handle, CURLOPT_READFUNCTION, Send);
    curl_easy_setopt(handle, CURLOPT_READDATA, &unsent);
    curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(body.size()));
  } else if (verb == "HEAD") {
    curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
  } else {
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, method);
  }
  const CURLcode code = curl_easy_perform(handle);
  if (code != CURLE_OK) {
    return {ErrorCode::kStorageUnavailable, fmt::format("audio store: {} failed: {}", method, curl_easy_strerror(code))};
  }
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &answer.status);
  return answer;
}

}  // namespace speechcoach::storage
