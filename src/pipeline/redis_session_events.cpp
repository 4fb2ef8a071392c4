#include "pipeline/redis_session_events.h"

#include <charconv>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/log.h"
#include "pipeline/event_json.h"
#include "pipeline/passing_event_json.h"
#include "redis/subscriber.h"

namespace speechcoach::pipeline {
namespace {

constexpr const char* kKeptS = "86400";
constexpr std::string_view kPrefix = "speechcoach.events.";

// KEYS: stream, what else is known; ARGV: time, event, seconds, whether the analysis ends with it. Answers its number.
constexpr const char* kKeepScript = R"lua(
local number = redis.call('HINCRBY', KEYS[2], 'last', 1)
redis.call('XADD', KEYS[1], number .. '-0', 'at_ms', ARGV[1], 'event', ARGV[2])
if ARGV[4] == '1' then redis.call('HDEL', KEYS[2], 'percent', 'progress') end
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('EXPIRE', KEYS[2], ARGV[3])
redis.call('PUBLISH', KEYS[1], '')
return number
)lua";

// KEYS: stream, what else is known; ARGV: time, event, seconds, its turn, when its analysis was completed, the last progress or ''.
// Answers its number, 0 where it was told before.
constexpr const char* kEndScript = R"lua(
local told = 'told.' .. ARGV[4]
if redis.call('HGET', KEYS[2], told) == ARGV[5] then return 0 end
local number = redis.call('HINCRBY', KEYS[2], 'last', 1)
redis.call('XADD', KEYS[1], number .. '-0', 'at_ms', ARGV[1], 'event', ARGV[2])
redis.call('HSET', KEYS[2], told, ARGV[5])
local percent = tonumber(redis.call('HGET', KEYS[2], 'percent') or '-1')
redis.call('HDEL', KEYS[2], 'percent', 'progress')
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('EXPIRE', KEYS[2], ARGV[3])
if ARGV[6] ~= '' and percent < 100 then redis.call('PUBLISH', KEYS[1], ARGV[6]) end
redis.call('PUBLISH', KEYS[1], '')
return number
)lua";

// KEYS: stream, what else is known; ARGV: event, seconds, percent. One that would go back is left out.
constexpr const char* kProgressScript = R"lua(
if tonumber(redis.call('HGET', KEYS[2], 'percent') or '-1') >= tonumber(ARGV[3]) then return 0 end
redis.call('HSET', KEYS[2], 'percent', ARGV[3], 'progress', ARGV[1])
redis.call('EXPIRE', KEYS[2], ARGV[2])
redis.call('PUBLISH', KEYS[1], ARGV[1])
return 1
)lua";

std::string StreamKey(const std::string& session_id) { return std::string(kPrefix) + session_id; }

std::string StateKey(const std::string& session_id) { return StreamKey(session_id) + ".state"; }

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
            client.options(), [this](const std::string& channel, const std::string& message) { Hear(channel, message); },
            [this](const std::string& channel) { Hear(channel, ""); }) {}

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
    TellProgress(*watcher);
    // What comes between is caught up with when the channel stands.
    subscriber_.Subscribe(StreamKey(session_id));
    return Subscription(watcher.get(), [this, watcher](void*) { End(watcher); });
  }

  void Publish(const std::string& session_id, EventPayload payload) override {
    static const redis::Script keep(kKeepScript);
    static const redis::Script progress(kProgressScript);
    const std::vector<std::string> keys{StreamKey(session_id), StateKey(session_id)};
    const std::int64_t at_ms = clock_.NowMs();
    base::Result<redis::Reply> published = redis::Reply();
    if (IsKept(payload)) {
      published = client_.Run(keep, keys, {std::to_string(at_ms), ToLogText(payload), kKeptS, IsEnd(payload) ? "1" : "0"});
    } else if (const auto* step = std::get_if<ProgressEvent>(&payload)) {
      published = client_.Run(progress, keys, {WritePassing(payload, at_ms), kKeptS, std::to_string(step->percent)});
    } else {
      published = client_.Run(redis::Command{"PUBLISH", keys[0], WritePassing(payload, at_ms)});
    }
    if (!published.ok())
      base::Log(base::LogLevel::kWarning, "event not published",
                {{"session_id", session_id}, {"reason", published.error().message}});
  }

  base::Status PublishEnd(const std::string& session_id, EventPayload end, std::int64_t completed_at_ms) override {
    static const redis::Script script(kEndScript);
    const std::int64_t at_ms = clock_.NowMs();
    const std::string progress = std::holds_alternative<CompleteEvent>(end) ? WritePassing(kAllDone, at_ms) : std::string();
    const auto published = client_.Run(script, {StreamKey(session_id), StateKey(session_id)},
                                       {std::to_string(at_ms), ToLogText(end), kKeptS, std::to_string(EndedTurn(end)),
                                        std::to_string(completed_at_ms), progress});
    if (published.ok()) return {};
    base::Log(base::LogLevel::kWarning, "event not published",
              {{"session_id", session_id}, {"reason", published.error().message}});
    return published.error();
  }

  // All processes hear each other as it is.
  void FollowLog(const std::string&) override {}

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

  // An empty message: there is more in the stream.
  void Hear(const std::string& channel, const std::string& message) {
    const std::string session_id = channel.substr(kPrefix.size());
    std::vector<WatcherPtr> watchers;
    {
      const std::lock_guard lock(mutex_);
      const auto found = watchers_.find(session_id);
      if (found != watchers_.end()) watchers = found->second;
    }
    for (const WatcherPtr& watcher : watchers) {
      if (message.empty()) {
        CatchUp(*watcher);
      } else {
        TellPassing(*watcher, message);
      }
    }
  }

  void TellPassing(Watcher& watcher, const std::string& text) {
    auto event = ReadPassing(text);
    if (!event.ok()) {
      base::Log(base::LogLevel::kWarning, "event not understood",
                {{"session_id", watcher.session_id}, {"reason", event.error().message}});
      return;
    }
    event->session_id = watcher.session_id;
    const std::lock_guard lock(watcher.mutex);
    if (watcher.handler) watcher.handler(*event);
  }

  void TellProgress(Watcher& watcher) {
    const auto newest = client_.Run(redis::Command{"HGET", StateKey(watcher.session_id), "progress"});
    if (newest.ok() && newest->is_text()) TellPassing(watcher, newest->text);
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
      if (entry.items.size() != 2 || entry.items[1].items.size() != 4) continue;
      const std::string& id = entry.items[0].text;
      SessionEvent event{watcher.session_id, 0, 0, {}};
      std::from_chars(id.data(), id.data() + id.size(), event.number);
      const std::string& at_ms = entry.items[1].items[1].text;
      std::from_chars(at_ms.data(), at_ms.data() + at_ms.size(), event.at_ms);
      watcher.last = event.number;
      auto payload = FromLogText(entry.items[1].items[3].text);
      if (!payload.ok()) {
        base::Log(base::LogLevel::kWarning, "event not understood",
                  {{"session_id", watcher.session_id}, {"reason", payload.error().message}});
        continue;
      }
      event.payload = std::move(*payload);
      watcher.handler(event);
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
