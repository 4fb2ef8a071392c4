#include "llm/cache/redis_answer_store.h"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "redis/hurried_client.h"

namespace speechcoach::llm {
namespace {

std::string KeyOf(const std::string& hash) {
  std::string key = "speechcoach:answer:";
  for (const char byte : hash) key += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return key;
}

class RedisStore final : public AnswerStore {
 public:
  RedisStore(redis::Options server, std::chrono::seconds ttl) : client_(std::move(server), "llm answers"), ttl_(ttl) {}

  std::optional<std::string> Get(const std::string& key) override {
    auto reply = client_.Run(redis::Command{"GET", KeyOf(key)});
    return reply && reply->is_text() ? std::optional(std::move(reply->text)) : std::nullopt;
  }

  void Put(const std::string& key, const std::string& answer) override {
    client_.Run(redis::Command{"SET", KeyOf(key), answer, "EX", std::to_string(ttl_.count())});
  }

 private:
  redis::HurriedClient client_;
  const std::chrono::seconds ttl_;
};

}  // namespace

std::unique_ptr<AnswerStore> MakeRedisAnswerStore(redis::Options server, std::chrono::seconds ttl) {
  return std::make_unique<RedisStore>(std::move(server), ttl);
}

}  // namespace speechcoach::llm
