#include "llm/http/http_client.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cctype>
#include <cerrno>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <utility>

#include <arpa/inet.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <curl/curl.h>

namespace speechcoach::llm {
namespace {

constexpr long kMaxConnections = 512;
// As many as are in flight at once in a busy hour: a server without HTTP/2 needs one for each, and connecting anew costs round trips.
constexpr long kKeptConnections = 256;
constexpr int kEventsAtOnce = 128;

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

struct UrlParts {
  std::string scheme;
  std::string host;  // small letters; an IPv6 address in brackets
};

// What curl would make of it: nobody can be sent elsewhere by a URL that two parsers read differently.
std::optional<UrlParts> Split(std::string_view url) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), curl_url_cleanup);
  if (curl_url_set(parsed.get(), CURLUPART_URL, std::string(url).c_str(), 0) != CURLUE_OK) return std::nullopt;
  const auto part = [&](CURLUPart which) {
    char* text = nullptr;
    std::string copy = curl_url_get(parsed.get(), which, &text, 0) == CURLUE_OK ? Lower(text) : std::string();
    curl_free(text);
    return copy;
  };
  return UrlParts{part(CURLUPART_SCHEME), part(CURLUPART_HOST)};
}

// The four bytes of an address in dots, curl's only form of one.
std::optional<std::array<int, 4>> Ipv4(const std::string& host) {
  std::array<unsigned char, 4> bytes;
  if (::inet_pton(AF_INET, host.c_str(), bytes.data()) != 1) return std::nullopt;
  return std::array<int, 4>{bytes[0], bytes[1], bytes[2], bytes[3]};
}

bool IsLoopback(const std::string& host) {
  const auto address = Ipv4(host);
  return host == "localhost" || host == "[::1]" || (address && address->front() == 127);
}

bool IsPrivate(const std::string& host) {
  if (const auto address = Ipv4(host)) {
    const auto& [a, b, c, d] = *address;
    return a == 10 || (a == 172 && b >= 16 && b < 32) || (a == 192 && b == 168) || (a == 169 && b == 254);
  }
  if (host.starts_with('[')) return host.starts_with("[fc") || host.starts_with("[fd") || host.starts_with("[fe80:");
  return host.find('.') == std::string::npos || host.ends_with(".local") || host.ends_with(".internal") ||
         host.ends_with(".home.arpa");
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

// A file descriptor of its own.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  const int number_;
};

// The loop's thread waits for all sockets at once (epoll) and tells libcurl of those that have news, so that a piece of one
// answer costs the same however many answers are on their way.
class CurlClient final : public HttpClient {
 public:
  CurlClient(const HttpClientOptions& options, CURLM* multi)
      : options_(options),
        multi_(multi),
        sockets_(::epoll_create1(EPOLL_CLOEXEC)),
        wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    curl_multi_setopt(multi_, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    curl_multi_setopt(multi_, CURLMOPT_MAX_TOTAL_CONNECTIONS, kMaxConnections);
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kKeptConnections);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, OnSocket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, OnTimer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    Watch(EPOLL_CTL_ADD, wake_.number(), EPOLLIN);
    loop_ = std::jthread([this](const std::stop_token& stop) { Loop(stop); });
  }

  ~CurlClient() override {
    loop_.request_stop();
    Wake();
    loop_.join();
    for (const auto& [transfer, running] : running_) curl_multi_remove_handle(multi_, running.easy.get());
    running_.clear();
    curl_multi_cleanup(multi_);
  }

  bool can_run() const { return sockets_.number() >= 0 && wake_.number() >= 0; }

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

  void Abandon(std::shared_ptr<Transfer> transfer) {
    transfer->is_abandoned = true;
    {
      const std::lock_guard lock(mutex_);
      abandoned_.push_back(std::move(transfer));
    }
    Wake();
  }

 private:
  using SteadyClock = std::chrono::steady_clock;

  void Wake() {
    const std::uint64_t one = 1;
    // It can only fail where the counter is full: then the loop is awake.
    [[maybe_unused]] const ssize_t written = ::write(wake_.number(), &one, sizeof one);
  }

  void Watch(int operation, int socket, std::uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.fd = socket;
    ::epoll_ctl(sockets_.number(), operation, socket, &event);
  }

  static int OnSocket(CURL*, curl_socket_t socket, int what, void* user, void* is_known) {
    auto& client = *static_cast<CurlClient*>(user);
    if (what == CURL_POLL_REMOVE) {
      client.Watch(EPOLL_CTL_DEL, socket, 0);
      curl_multi_assign(client.multi_, socket, nullptr);
      return 0;
    }
    const std::uint32_t events = ((what & CURL_POLL_IN) != 0 ? EPOLLIN : 0U) | ((what & CURL_POLL_OUT) != 0 ? EPOLLOUT : 0U);
    client.Watch(is_known == nullptr ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, events);
    curl_multi_assign(client.multi_, socket, user);
    return 0;
  }

  static int OnTimer(CURLM*, long timeout_ms, void* user) {
    auto& client = *static_cast<CurlClient*>(user);
    if (timeout_ms < 0)
      client.timer_.reset();
    else
      client.timer_ = SteadyClock::now() + std::chrono::milliseconds(timeout_ms);
    return 0;
  }

  // -1: until there is news.
  int PatienceMs() const {
    if (!timer_) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*timer_ - SteadyClock::now());
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 3'600'000));
  }

  void Loop(const std::stop_token& stop) {
    std::array<epoll_event, kEventsAtOnce> events;
    while (!stop.stop_requested()) {
      const int count = ::epoll_wait(sockets_.number(), events.data(), kEventsAtOnce, PatienceMs());
      int active = 0;
      for (int i = 0; i < count; ++i) {
        if (events[i].data.fd == wake_.number()) {
          std::uint64_t wakes = 0;
          [[maybe_unused]] const ssize_t got = ::read(wake_.number(), &wakes, sizeof wakes);
          continue;
        }
        const std::uint32_t news = events[i].events;
        const int ready = ((news & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) | ((news & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
                          ((news & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);
        curl_multi_socket_action(multi_, events[i].data.fd, ready, &active);
      }
      TakeOrders();
      if (timer_ && SteadyClock::now() >= *timer_) {
        timer_.reset();
        curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &active);
      }
      TakeFinished();
    }
  }

  void TakeOrders() {
    std::vector<std::shared_ptr<Transfer>> waiting;
    std::vector<std::shared_ptr<Transfer>> abandoned;
    {
      const std::lock_guard lock(mutex_);
      waiting.swap(waiting_);
      abandoned.swap(abandoned_);
    }
    for (std::shared_ptr<Transfer>& transfer : waiting) Begin(std::move(transfer));
    for (const std::shared_ptr<Transfer>& transfer : abandoned) {
      const auto found = running_.find(transfer.get());
      if (found == running_.end()) continue;
      curl_multi_remove_handle(multi_, found->second.easy.get());
      running_.erase(found);
    }
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
    if (!options_.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, options_.ca_file.c_str());
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, OnBody);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer.get());
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, OnHeader);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer.get());
    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer.get());
    running.transfer = std::move(transfer);
    running_.emplace(running.transfer.get(), std::move(running));
    curl_multi_add_handle(multi_, easy);
  }

  void TakeFinished() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL* easy = message->easy_handle;
      const CURLcode result = message->data.result;
      void* user = nullptr;
      curl_easy_getinfo(easy, CURLINFO_PRIVATE, &user);
      curl_multi_remove_handle(multi_, easy);
      const auto node = running_.extract(static_cast<Transfer*>(user));
      Transfer& transfer = *node.mapped().transfer;
      const std::lock_guard lock(transfer.mutex);
      if (result != CURLE_OK) transfer.failure = curl_easy_strerror(result);
      transfer.is_over = true;
      transfer.changed.notify_all();
    }
  }

  const HttpClientOptions options_;
  CURLM* const multi_;
  const Descriptor sockets_;  // the epoll instance
  const Descriptor wake_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<Transfer>> waiting_;
  std::vector<std::shared_ptr<Transfer>> abandoned_;
  // The loop's thread alone:
  std::unordered_map<Transfer*, Running> running_;
  std::optional<SteadyClock::time_point> timer_;  // when libcurl wants to be called although no socket has news
  std::jthread loop_;
};

CurlAnswer::~CurlAnswer() {
  {
    const std::lock_guard lock(transfer_->mutex);
    if (transfer_->is_over) return;
  }
  client_.Abandon(transfer_);
}

}  // namespace

base::Result<std::unique_ptr<HttpClient>> MakeHttpClient(const HttpClientOptions& options) {
  static const CURLcode set_up = curl_global_init(CURL_GLOBAL_DEFAULT);
  CURLM* multi = set_up == CURLE_OK ? curl_multi_init() : nullptr;
  if (multi == nullptr) return {base::ErrorCode::kInternal, "libcurl cannot be set up"};
  auto client = std::make_unique<CurlClient>(options, multi);
  if (!client->can_run()) return {base::ErrorCode::kInternal, "no file descriptors are left for libcurl"};
  return std::unique_ptr<HttpClient>(std::move(client));
}

bool IsOnThisMachine(std::string_view url) {
  const auto parts = Split(url);
  return parts && IsLoopback(parts->host);
}

bool KeepsSecrets(std::string_view url) {
  const auto parts = Split(url);
  return parts && (parts->scheme == "https" || (parts->scheme == "http" && (IsLoopback(parts->host) || IsPrivate(parts->host))));
}

}  // namespace speechcoach::llm
