#include "schedule/leadership.h"

#include <string>

#include "base/id.h"

namespace speechcoach::schedule {
namespace {

constexpr const char* kLeaderKey = "speechcoach.beat.leader";  // who leads
constexpr const char* kFenceKey = "speechcoach.beat.fence";    // the token of the present leader, or the last

// KEYS: leader, fence; ARGV: who asks, milliseconds. A token is at least the server's time, so that it grows also where Redis has lost the
// one before; a leader whose token alone is lost leads on under a new one.
const redis::Script& HoldScript() {
  static const redis::Script script(R"lua(
local leader = redis.call('GET', KEYS[1])
if leader and leader ~= ARGV[1] then return false end
local last = redis.call('GET', KEYS[2])
if leader and last then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return last
end
local now = redis.call('TIME')
local fence = math.max(tonumber(last or '0') + 1, now[1] * 1000 + math.floor(now[2] / 1000))
redis.call('SET', KEYS[2], string.format('%.0f', fence))
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return string.format('%.0f', fence)
)lua");
  return script;
}

// KEYS: leader; ARGV: who gives up
const redis::Script& GiveUpScript() {
  static const redis::Script script(R"lua(
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
)lua");
  return script;
}

class RedisLeadership final : public Leadership {
 public:
  RedisLeadership(redis::Client& client, std::chrono::milliseconds ttl) : client_(client), ttl_(ttl) {}

  base::Result<std::optional<std::int64_t>> Hold() override {
    const auto answer = client_.Run(HoldScript(), {kLeaderKey, kFenceKey}, {id_, std::to_string(ttl_.count())});
    if (!answer.ok()) return answer.error();
    if (!answer->is_text()) return std::optional<std::int64_t>();
    return std::optional<std::int64_t>(std::stoll(answer->text));
  }

  void GiveUp() override {
    // Where Redis cannot be reached the lock runs out by itself.
    static_cast<void>(client_.Run(GiveUpScript(), {kLeaderKey}, {id_}));
  }

 private:
  redis::Client& client_;
  const std::chrono::milliseconds ttl_;
  const std::string id_ = base::NewUuid();
};

class SoleLeadership final : public Leadership {
 public:
  base::Result<std::optional<std::int64_t>> Hold() override { return std::optional<std::int64_t>(0); }
  void GiveUp() override {}
};

}  // namespace

std::unique_ptr<Leadership> MakeRedisLeadership(redis::Client& client, std::chrono::milliseconds ttl) {
  return std::make_unique<RedisLeadership>(client, ttl);
}

std::unique_ptr<Leadership> MakeSoleLeadership() { return std::make_unique<SoleLeadership>(); }

}  // namespace speechcoach::schedule
