#include "llm/cache/redis_answer_store.h"

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"
#include "redis/client.h"

namespace speechcoach::llm {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kPatience{250};
constexpr std::chrono::seconds kRest{5};
// One for each question that is likely to be asked at once: nobody queues behind a server that hangs.
constexpr int kConnections = 32;

std::string KeyOf(const std::string& hash) {
  std::string key = "speechcoach:answer:";
  for (const char byte : hash) key += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return key;
}

redis::Options Hurried(redis::Options server) {
  server.connect_timeout_ms = static_cast<int>(kPatience.count());
  server.command_timeout_ms = static_cast<int>(kPatience.count());
  return server;
}

class RedisStore final : public AnswerStore {
 public:
  RedisStore(redis::Options server, std::chrono::seconds ttl)
      : client_(Hurried(std::move(server)), {.connections = kConnections, .patience = kPatience}), ttl_(ttl) {}

  std::optional<std::string> Get(const std::string& key) override {
    auto reply = Run({"GET", KeyOf(key)});
    return reply && reply->is_text() ? std::optional(std::move(reply->text)) : std::nullopt;
  }

  void Put(const std::string& key, const std::string& answer) override {
    Run({"SET", KeyOf(key), answer, "EX", std::to_string(ttl_.count())});
  }

 private:
  std::optional<redis::Reply> Run(const redis::Command& command) {
    const auto now = SteadyClock::now().time_since_epoch();
    if (now < rests_until_.load()) return std::nullopt;
    auto reply = client_.Run(command);
    if (reply.ok()) return std::move(*reply);
    rests_until_ = SteadyClock::now().time_since_epoch() + kRest;
    base::Log(base::LogLevel::kWarning, "llm answers cannot be shared", {{"error", reply.error().message}});
    return std::nullopt;
  }

  redis::Client client_;
  const std::chrono::seconds ttl_;
  std::atomic<SteadyClock::duration> rests_until_{SteadyClock::duration::min()};
};

}  // namespace

std::unique_ptr<AnswerStore> MakeRedisAnswerStore(redis::Options server, std::chrono::seconds ttl) {
  return std::make_unique<RedisStore>(std::move(server), ttl);
}

}  // namespace speechcoach::llm
