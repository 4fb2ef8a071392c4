#include "llm/http/http_client.h"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <condition_variable>
#include <cstdlib>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include <curl/curl.h>

namespace speechcoach::llm {
namespace {

constexpr long kMaxConnections = 512;
constexpr long kKeptConnections = 64;
constexpr int kIdlePollMs = 60'000;  // a new transfer or a cancelled one wakes the loop

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

std::string_view Trimmed(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// What the loop's thread writes and the caller's thread reads.
struct Transfer {
  explicit Transfer(HttpPost wanted) : post(std::move(wanted)) {}

  const HttpPost post;
  std::atomic<bool> is_abandoned = false;

  std::mutex mutex;
  std::condition_variable_any changed;
  std::string unread;
  std::size_t received_bytes = 0;
  int status = 0;
  std::map<std::string, std::string> headers;
  bool is_over = false;
  bool is_too_large = false;
  std::string failure;
};

struct EasyDeleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

// One transfer while the loop has it.
struct Running {
  std::shared_ptr<Transfer> transfer;
  std::unique_ptr<curl_slist, ListDeleter> headers;
  std::unique_ptr<CURL, EasyDeleter> easy;
};

std::size_t OnBody(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::size_t bytes = size * count;
  if (transfer.is_abandoned) return CURL_WRITEFUNC_ERROR;
  const std::lock_guard lock(transfer.mutex);
  transfer.received_bytes += bytes;
  if (transfer.received_bytes > transfer.post.max_answer_bytes) {
    transfer.is_too_large = true;
    return CURL_WRITEFUNC_ERROR;
  }
  transfer.unread.append(data, bytes);
  transfer.changed.notify_all();
  return bytes;
}

// Takes the status line and the fields of the last answer: those of an interim one (100 Continue) are forgotten.
std::size_t OnHeader(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::string_view line(data, size * count);
  const std::lock_guard lock(transfer.mutex);
  if (line.starts_with("HTTP/")) {
    transfer.headers.clear();
    const std::size_t space = line.find(' ');
    transfer.status = space == std::string_view::npos ? 0 : std::atoi(std::string(line.substr(space + 1, 3)).c_str());
  } else if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
    transfer.headers[Lower(line.substr(0, colon))] = Trimmed(line.substr(colon + 1));
  }
  return line.size();
}

class CurlClient;

class CurlAnswer final : public HttpAnswer {
 public:
  CurlAnswer(std::shared_ptr<Transfer> transfer, CurlClient& client) : transfer_(std::move(transfer)), client_(client) {}
  ~CurlAnswer() override;

  Event Next(Clock::time_point deadline, const std::stop_token& stop, std::string& data) override {
    data.clear();
    std::unique_lock lock(transfer_->mutex);
    const auto has_news = [&] { return !transfer_->unread.empty() || transfer_->is_over; };
    const bool came = transfer_->changed.wait_until(lock, stop, deadline, has_news);
    if (stop.stop_requested()) return Event::kCancelled;
    if (!came) return Event::kDeadline;
    if (!transfer_->unread.empty()) {
      data.swap(transfer_->unread);
      return Event::kData;
    }
    if (transfer_->is_too_large) return Event::kTooLarge;
    return transfer_->failure.empty() ? Event::kEnd : Event::kFailed;
  }

  int status() const override {
    const std::lock_guard lock(transfer_->mutex);
    return transfer_->status;
  }
  std::string header(std::string_view name) const override {
    const std::lock_guard lock(transfer_->mutex);
    const auto found = transfer_->headers.find(std::string(name));
    return found == transfer_->headers.end() ? std::string() : found->second;
  }
  std::string failure() const override {
    const std::lock_guard lock(transfer_->mutex);
    return transfer_->failure;
  }

 private:
  const std::shared_ptr<Transfer> transfer_;
  CurlClient& client_;
};

class CurlClient final : public HttpClient {
 public:
  CurlClient(const HttpClientOptions& options, CURLM* multi) : options_(options), multi_(multi) {
    curl_multi_setopt(multi_, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    curl_multi_setopt(multi_, CURLMOPT_MAX_TOTAL_CONNECTIONS, kMaxConnections);
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kKeptConnections);
    loop_ = std::jthread([this](const std::stop_token& stop) { Loop(stop); });
  }

  ~CurlClient() override {
    loop_.request_stop();
    Wake();
    loop_.join();
    running_.clear();
    curl_multi_cleanup(multi_);
  }

  std::unique_ptr<HttpAnswer> Post(HttpPost post) override {
    auto transfer = std::make_shared<Transfer>(std::move(post));
    if (options_.local_only && !IsOnThisMachine(transfer->post.url)) {
      transfer->failure = "not on this machine";
      transfer->is_over = true;
    } else {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(transfer);
    }
    Wake();
    return std::make_unique<CurlAnswer>(std::move(transfer), *this);
  }

  void Wake() { curl_multi_wakeup(multi_); }

 private:
  void Loop(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      TakeWaiting();
      EndAbandoned();
      int active = 0;
      curl_multi_perform(multi_, &active);
      TakeFinished();
      curl_multi_poll(multi_, nullptr, 0, kIdlePollMs, nullptr);
    }
  }

  void TakeWaiting() {
    std::vector<std::shared_ptr<Transfer>> waiting;
    {
      const std::lock_guard lock(mutex_);
      waiting.swap(waiting_);
    }
    for (std::shared_ptr<Transfer>& transfer : waiting) Begin(std::move(transfer));
  }

  void Begin(std::shared_ptr<Transfer> transfer) {
    Running running;
    running.easy.reset(curl_easy_init());
    CURL* easy = running.easy.get();
    for (const std::string& header : transfer->post.headers) {
      running.headers.reset(curl_slist_append(running.headers.release(), header.c_str()));
    }
    // An empty field turns off a round trip that curl would add for large bodies.
    running.headers.reset(curl_slist_append(running.headers.release(), "Expect:"));
    curl_easy_setopt(easy, CURLOPT_URL, transfer->post.url.c_str());
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, running.headers.get());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(transfer->post.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, transfer->post.body.c_str());
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(transfer->post.connect_timeout.count()));
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);  // a key goes where it was meant to go
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    if (options_.local_only) curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, OnBody);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer.get());
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, OnHeader);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer.get());
    running.transfer = std::move(transfer);
    curl_multi_add_handle(multi_, easy);
    running_.emplace(easy, std::move(running));
  }

  void EndAbandoned() {
    std::erase_if(running_, [this](const auto& entry) {
      if (!entry.second.transfer->is_abandoned) return false;
      curl_multi_remove_handle(multi_, entry.first);
      return true;
    });
  }

  void TakeFinished() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL* easy = message->easy_handle;
      const CURLcode result = message->data.result;
      curl_multi_remove_handle(multi_, easy);
      const auto node = running_.extract(easy);
      Transfer& transfer = *node.mapped().transfer;
      const std::lock_guard lock(transfer.mutex);
      if (result != CURLE_OK) transfer.failure = curl_easy_strerror(result);
      transfer.is_over = true;
      transfer.changed.notify_all();
    }
  }

  const HttpClientOptions options_;
  CURLM* const multi_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<Transfer>> waiting_;
  std::map<CURL*, Running> running_;  // the loop's thread alone
  std::jthread loop_;
};

CurlAnswer::~CurlAnswer() {
  {
    const std::lock_guard lock(transfer_->mutex);
    if (transfer_->is_over) return;
  }
  transfer_->is_abandoned = true;
  client_.Wake();
}

}  // namespace

base::Result<std::unique_ptr<HttpClient>> MakeHttpClient(const HttpClientOptions& options) {
  static const CURLcode set_up = curl_global_init(CURL_GLOBAL_DEFAULT);
  CURLM* multi = set_up == CURLE_OK ? curl_multi_init() : nullptr;
  if (multi == nullptr) return {base::ErrorCode::kInternal, "libcurl cannot be set up"};
  return std::unique_ptr<HttpClient>(std::make_unique<CurlClient>(options, multi));
}

bool IsOnThisMachine(std::string_view url) {
  CURLU* parts = curl_url();
  char* host = nullptr;
  bool is_local = false;
  if (curl_url_set(parts, CURLUPART_URL, std::string(url).c_str(), 0) == CURLUE_OK &&
      curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK) {
    const std::string name = Lower(host);
    const bool is_loopback_v4 = name.starts_with("127.") && std::ranges::count(name, '.') == 3 &&
                                name.find_first_not_of("0123456789.") == std::string::npos;
    is_local = name == "localhost" || name == "[::1]" || is_loopback_v4;
  }
  curl_free(host);
  curl_url_cleanup(parts);
  return is_local;
}

}  // namespace speechcoach::llm
