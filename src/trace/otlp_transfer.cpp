#include "trace/otlp_transfer.h"

#include <utility>

#include <curl/curl.h>
#include <fmt/format.h>

namespace speechcoach::trace {
namespace {

std::size_t Discard(char*, std::size_t size, std::size_t count, void*) { return size * count; }

int BreaksOff(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::stop_token*>(stop)->stop_requested() ? 1 : 0;
}

// As OTLP/HTTP has it: the others may not be tried again.
bool MayComeAgain(long status) { return status == 429 || status == 502 || status == 503 || status == 504; }

}  // namespace

struct OtlpTransfer::Connection {
  CURL* easy = nullptr;
  curl_slist* headers = nullptr;
};

OtlpTransfer::OtlpTransfer(const Settings& settings) : connection_(std::make_unique<Connection>()) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  CURL* easy = ready == CURLE_OK ? curl_easy_init() : nullptr;
  if (easy == nullptr) return;
  connection_->easy = easy;
  const auto add = [this](const std::string& line) {
    if (curl_slist* longer = curl_slist_append(connection_->headers, line.c_str()); longer != nullptr)
      connection_->headers = longer;
  };
  add("Content-Type: application/json");
  add("Expect:");
  for (const std::string& header : settings.headers) add(header);
  curl_easy_setopt(easy, CURLOPT_URL, settings.url.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, connection_->headers);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Discard);
  curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, &BreaksOff);
}

OtlpTransfer::~OtlpTransfer() {
  curl_easy_cleanup(connection_->easy);
  curl_slist_free_all(connection_->headers);
}

Delivered OtlpTransfer::Post(const std::string& json, std::chrono::milliseconds timeout, const std::stop_token& stop) {
  CURL* easy = connection_->easy;
  if (easy == nullptr) return {Delivery::kLater, "libcurl cannot be set up"};
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
  curl_easy_setopt(easy, CURLOPT_XFERINFODATA, &stop);
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(json.size()));
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, json.data());
  const CURLcode result = curl_easy_perform(easy);
  if (result != CURLE_OK) return {Delivery::kLater, curl_easy_strerror(result)};
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  if (status >= 200 && status < 300) return {Delivery::kTaken};
  return {MayComeAgain(status) ? Delivery::kLater : Delivery::kRefused, fmt::format("HTTP {}", status)};
}

}  // namespace speechcoach::trace
