#include "queue/celery/bells.h"

#include <algorithm>

#include <poll.h>

#include "redis/client.h"

namespace speechcoach::queue::celery {
namespace {

// A server that vanished without a word is noticed when this has passed and no answer came.
constexpr const char* kBlockS = "20";

}  // namespace

base::Status Bells::Wait(const std::vector<std::string>& lists, int wake_fd, std::chrono::milliseconds timeout) {
  std::erase_if(bells_, [&](const auto& bell) { return std::ranges::find(lists, bell.first) == lists.end(); });
  for (const std::string& list : lists) {
    Bell& bell = bells_[list];
    if (!bell.connection) {
      auto opened = redis::Connection::Open(options_);
      if (!opened.ok()) return opened.error();
      bell.connection = std::move(*opened);
    }
    if (bell.is_armed) continue;
    if (const base::Status armed = bell.connection->Send({"BLMOVE", list, list, "RIGHT", "RIGHT", kBlockS}); !armed.ok())
      return armed;
    bell.is_armed = true;
  }

  std::vector<pollfd> sources{{wake_fd, POLLIN, 0}};
  std::vector<Bell*> owners;
  for (auto& [list, bell] : bells_) {
    sources.push_back({bell.connection->fd(), POLLIN, 0});
    owners.push_back(&bell);
  }
  if (::poll(sources.data(), sources.size(), static_cast<int>(timeout.count())) <= 0) return {};
  for (std::size_t i = 0; i < owners.size(); ++i) {
    if (sources[i + 1].revents == 0) continue;
    const auto answer = owners[i]->connection->Read(std::chrono::milliseconds(0));
    if (!answer.ok()) return answer.error();
    if (!*answer) continue;
    owners[i]->is_armed = false;
    if ((*answer)->is_error()) return redis::ErrorFrom(**answer);
  }
  return {};
}

}  // namespace speechcoach::queue::celery
