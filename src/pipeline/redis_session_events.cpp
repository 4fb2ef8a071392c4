#include "pipeline/redis_session_events.h"

#include <charconv>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/log.h"
#include "pipeline/session_event_json.h"
#include "redis/subscriber.h"

namespace speechcoach::pipeline {
namespace {

constexpr const char* kKeptS = "86400";
constexpr std::string_view kPrefix = "speechcoach.events.";

// KEYS: stream, its counters; ARGV: event, seconds, whether it replaces the last partial one. Answers its number.
constexpr const char* kPublishScript = R"lua(
local number = redis.call('HINCRBY', KEYS[2], 'last', 1)
if ARGV[3] == '1' then
  local before = redis.call('HGET', KEYS[2], 'partial')
  if before then redis.call('XDEL', KEYS[1], before .. '-0') end
  redis.call('HSET', KEYS[2], 'partial', number)
end
redis.call('XADD', KEYS[1], number .. '-0', 'event', ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
redis.call('EXPIRE', KEYS[2], ARGV[2])
redis.call('PUBLISH', KEYS[1], number)
return number
)lua";

std::string StreamKey(const std::string& session_id) { return std::string(kPrefix) + session_id; }

bool IsPartial(const EventPayload& payload) {
  const auto* transcription = std::get_if<TranscriptionEvent>(&payload);
  return transcription != nullptr && !transcription->is_final;
}

// One subscription. Its mutex is held while the handler runs: that keeps the order, and lets its end promise that no call
// follows.
struct Watcher {
  std::mutex mutex;
  std::string session_id;
  std::int64_t last = 0;
  SessionEvents::Handler handler;  // empty once the subscription has ended
};
using WatcherPtr = std::shared_ptr<Watcher>;

class RedisEvents final : public SessionEvents {
 public:
  RedisEvents(redis::Client& client, const base::Clock& clock)
      : client_(client),
        clock_(clock),
        subscriber_(
            client.options(), [this](const std::string& channel, const std::string&) { CatchUpAll(channel); },
            [this](const std::string& channel) { CatchUpAll(channel); }) {}

  Subscription Subscribe(const std::string& session_id, std::int64_t after, Handler handler) override {
    auto watcher = std::make_shared<Watcher>();
    watcher->session_id = session_id;
    watcher->last = after;
    watcher->handler = std::move(handler);
    {
      const std::lock_guard lock(mutex_);
      watchers_[session_id].push_back(watcher);
    }
    CatchUp(*watcher);
    // What comes between is caught up with when the channel stands.
    subscriber_.Subscribe(StreamKey(session_id));
    return Subscription(watcher.get(), [this, watcher](void*) { End(watcher); });
  }

  void Publish(const std::string& session_id, EventPayload payload) override {
    static const redis::Script script(kPublishScript);
    const std::string stream = StreamKey(session_id);
    const auto published = client_.Run(script, {stream, stream + ".last"},
                                       {WriteEvent(payload, clock_.NowMs()), kKeptS, IsPartial(payload) ? "1" : "0"});
    if (!published.ok())
      base::Log(base::LogLevel::kWarning, "event not published",
                {{"session_id", session_id}, {"reason", published.error().message}});
  }

 private:
  void End(const WatcherPtr& watcher) {
    {
      const std::lock_guard lock(mutex_);
      auto& watchers = watchers_[watcher->session_id];
      std::erase(watchers, watcher);
      if (watchers.empty()) {
        watchers_.erase(watcher->session_id);
        subscriber_.Unsubscribe(StreamKey(watcher->session_id));
      }
    }
    const std::lock_guard lock(watcher->mutex);
    watcher->handler = nullptr;
  }

  void CatchUpAll(const std::string& channel) {
    std::vector<WatcherPtr> watchers;
    {
      const std::lock_guard lock(mutex_);
      const auto found = watchers_.find(channel.substr(kPrefix.size()));
      if (found != watchers_.end()) watchers = found->second;
    }
    for (const WatcherPtr& watcher : watchers) CatchUp(*watcher);
  }

  void CatchUp(Watcher& watcher) {
    const std::lock_guard lock(watcher.mutex);
    if (!watcher.handler) return;
    const auto entries =
        client_.Run(redis::Command{"XRANGE", StreamKey(watcher.session_id), std::to_string(watcher.last + 1) + "-0", "+"});
    if (!entries.ok()) {
      base::Log(base::LogLevel::kWarning, "events not read",
                {{"session_id", watcher.session_id}, {"reason", entries.error().message}});
      return;
    }
    for (const redis::Reply& entry : entries->items) {
      if (entry.items.size() != 2 || entry.items[1].items.size() != 2) continue;
      const std::string& id = entry.items[0].text;
      std::from_chars(id.data(), id.data() + id.size(), watcher.last);
      auto event = ReadEvent(entry.items[1].items[1].text);
      if (!event.ok()) {
        base::Log(base::LogLevel::kWarning, "event not understood",
                  {{"session_id", watcher.session_id}, {"reason", event.error().message}});
        continue;
      }
      event->session_id = watcher.session_id;
      event->number = watcher.last;
      watcher.handler(*event);
    }
  }

  redis::Client& client_;
  const base::Clock& clock_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::vector<WatcherPtr>> watchers_;
  redis::Subscriber subscriber_;  // the last: its thread ends before what it uses
};

}  // namespace

std::unique_ptr<SessionEvents> MakeRedisEvents(redis::Client& client, const base::Clock& clock) {
  return std::make_unique<RedisEvents>(client, clock);
}

}  // namespace speechcoach::pipeline
