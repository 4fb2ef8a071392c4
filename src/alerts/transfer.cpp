#include "alerts/transfer.h"

#include <chrono>

#include "alerts/notifier.h"

namespace speechcoach::alerts {
namespace {

std::size_t Discard(char*, std::size_t size, std::size_t count, void*) { return size * count; }

int BreaksOff(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::stop_token*>(stop)->stop_requested() ? 1 : 0;
}

}  // namespace

Easy NewTransfer(const std::string& url) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  Easy easy(ready == CURLE_OK ? curl_easy_init() : nullptr, &curl_easy_cleanup);
  if (!easy) return easy;
  const long timeout_ms = static_cast<long>(std::chrono::milliseconds(kNoticeTimeout).count());
  curl_easy_setopt(easy.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_TIMEOUT_MS, timeout_ms);
  curl_easy_setopt(easy.get(), CURLOPT_WRITEFUNCTION, &Discard);
  return easy;
}

List Append(List list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) return list;
  static_cast<void>(list.release());
  return {longer, &curl_slist_free_all};
}

base::Status Perform(Easy& easy, const std::string& what, const std::stop_token& stop) {
  // libcurl asks at least once a second, also while it waits.
  curl_easy_setopt(easy.get(), CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(easy.get(), CURLOPT_XFERINFOFUNCTION, &BreaksOff);
  curl_easy_setopt(easy.get(), CURLOPT_XFERINFODATA, &stop);
  const CURLcode result = curl_easy_perform(easy.get());
  if (result == CURLE_OK) return {};
  return {base::ErrorCode::kStorageUnavailable, what + ": " + curl_easy_strerror(result)};
}

}  // namespace speechcoach::alerts
