#include "redis/subscriber.h"

#include <array>
#include <system_error>
#include <utility>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/log.h"
#include "redis/client.h"
#include "redis/connection.h"

namespace speechcoach::redis {
namespace {

constexpr std::chrono::milliseconds kFirstPause{50};
constexpr std::chrono::milliseconds kLongestPause{2'000};
constexpr int kPingMs = 15'000;  // a server that vanished without a word is noticed by a ping that fails

}  // namespace

Subscriber::Subscriber(Options options, Handler on_message, std::function<void(const std::string&)> on_standing)
    : options_(std::move(options)),
      on_message_(std::move(on_message)),
      on_standing_(std::move(on_standing)),
      wake_fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (wake_fd_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  thread_ = std::thread([this] { Run(); });
}

Subscriber::~Subscriber() {
  stopping_ = true;
  Wake();
  thread_.join();
  ::close(wake_fd_);
}

void Subscriber::Wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_fd_, &one, sizeof one);
}

void Subscriber::Subscribe(const std::string& pattern) {
  const std::lock_guard lock(mutex_);
  if (wanted_.insert(pattern).second) Wake();
}

void Subscriber::Unsubscribe(const std::string& pattern) {
  const std::lock_guard lock(mutex_);
  if (wanted_.erase(pattern) > 0) Wake();
}

void Subscriber::Run() {
  Backoff backoff(kFirstPause, kLongestPause);
  bool was_told = false;
  while (!stopping_) {
    bool connected = false;
    const base::Status ended = Listen(connected);
    if (connected) {
      backoff.Reset();
      was_told = false;
    }
    if (stopping_) return;
    if (!was_told)
      base::Log(base::LogLevel::kWarning, "redis channels lost", {{"reason", ended.ok() ? "closed" : ended.error().message}});
    was_told = true;
    pollfd wake{wake_fd_, POLLIN, 0};
    ::poll(&wake, 1, static_cast<int>(backoff.Next().count()));
  }
}

// Until the connection breaks or the end is asked for.
base::Status Subscriber::Listen(bool& connected) {
  auto opened = Connection::Open(options_);
  if (!opened.ok()) return opened.error();
  Connection& connection = **opened;
  std::set<std::string> sent;
  while (!stopping_) {
    std::set<std::string> wanted;
    {
      const std::lock_guard lock(mutex_);
      wanted = wanted_;
    }
    for (const std::string& pattern : wanted) {
      if (!sent.insert(pattern).second) continue;
      if (const base::Status asked = connection.Send({"PSUBSCRIBE", pattern}); !asked.ok()) return asked;
    }
    for (auto pattern = sent.begin(); pattern != sent.end();) {
      if (wanted.contains(*pattern)) {
        ++pattern;
        continue;
      }
      if (const base::Status asked = connection.Send({"PUNSUBSCRIBE", *pattern}); !asked.ok()) return asked;
      pattern = sent.erase(pattern);
    }
    while (true) {
      auto read = connection.Read(std::chrono::milliseconds(0));
      if (!read.ok()) return read.error();
      if (!*read) break;
      const Reply& reply = **read;
      if (reply.is_error()) return ErrorFrom(reply);
      if (!reply.is_array() || reply.items.size() < 3) continue;
      if (reply.items[0].text == "psubscribe") {
        connected = true;
        on_standing_(reply.items[1].text);
      }
      if (reply.items[0].text == "pmessage" && reply.items.size() == 4) on_message_(reply.items[2].text, reply.items[3].text);
    }
    std::array<pollfd, 2> sources{pollfd{connection.fd(), POLLIN, 0}, pollfd{wake_fd_, POLLIN, 0}};
    const int ready = ::poll(sources.data(), sources.size(), kPingMs);
    if (ready == 0) {
      if (const base::Status asked = connection.Send({"PING"}); !asked.ok()) return asked;
      const auto answer = connection.Read(std::chrono::milliseconds(options_.command_timeout_ms));
      if (!answer.ok()) return answer.error();
      if (!*answer) return {base::ErrorCode::kStorageUnavailable, "Redis: no answer in time"};
      if ((*answer)->is_array() && (*answer)->items.size() == 4) on_message_((*answer)->items[2].text, (*answer)->items[3].text);
    }
    if ((sources[1].revents & POLLIN) != 0) {
      std::uint64_t count = 0;
      [[maybe_unused]] const auto taken = ::read(wake_fd_, &count, sizeof count);
    }
  }
  return {};
}

}  // namespace speechcoach::redis
