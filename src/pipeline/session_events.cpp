#include "pipeline/session_events.h"

#include <atomic>
#include <iterator>
#include <list>
#include <map>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace speechcoach::pipeline {
namespace {

// The events and watchers of one session. Its mutex is held while handlers run: that keeps the order, and lets the end of a
// subscription promise that no call follows.
struct Topic {
  std::mutex mutex;
  std::vector<SessionEvent> events;
  std::map<std::int64_t, SessionEvents::Handler> handlers;
  std::int64_t next_handler = 0;
  std::atomic<int> watchers = 0;
};

bool IsPartial(const EventPayload& payload) {
  const auto* transcription = std::get_if<TranscriptionEvent>(&payload);
  return transcription != nullptr && !transcription->is_final;
}

class InProcessEvents final : public SessionEvents {
 public:
  InProcessEvents(const base::Clock& clock, std::size_t kept_sessions) : clock_(clock), kept_sessions_(kept_sessions) {}

  Subscription Subscribe(const std::string& session_id, std::int64_t after, Handler handler) override {
    const std::shared_ptr<Topic> topic = Touch(session_id, 1);
    const std::lock_guard lock(topic->mutex);
    for (const SessionEvent& event : topic->events) {
      if (event.number > after) handler(event);
    }
    const std::int64_t key = topic->next_handler++;
    topic->handlers.emplace(key, std::move(handler));
    return Subscription(topic.get(), [topic, key](void*) {
      const std::lock_guard end_lock(topic->mutex);
      topic->handlers.erase(key);
      --topic->watchers;
    });
  }

  void Publish(const std::string& session_id, EventPayload payload) override {
    const std::shared_ptr<Topic> topic = Touch(session_id, 0);
    const std::lock_guard lock(topic->mutex);
    const std::int64_t number = topic->events.empty() ? 1 : topic->events.back().number + 1;
    if (IsPartial(payload)) std::erase_if(topic->events, [](const SessionEvent& event) { return IsPartial(event.payload); });
    topic->events.push_back({session_id, number, clock_.NowMs(), std::move(payload)});
    for (const auto& [key, handler] : topic->handlers) handler(topic->events.back());
  }

 private:
  struct Kept {
    std::shared_ptr<Topic> topic;
    std::list<std::string>::iterator age;
  };

  // The session's topic, made where there is none, now the youngest. The oldest beyond the limit are forgotten, but for
  // those that somebody watches.
  std::shared_ptr<Topic> Touch(const std::string& session_id, int new_watchers) {
    const std::lock_guard lock(mutex_);
    const auto found = topics_.find(session_id);
    if (found != topics_.end()) {
      found->second.topic->watchers += new_watchers;
      by_age_.splice(by_age_.begin(), by_age_, found->second.age);
      return found->second.topic;
    }
    by_age_.push_front(session_id);
    const auto topic = std::make_shared<Topic>();
    topic->watchers = new_watchers;
    topics_.emplace(session_id, Kept{topic, by_age_.begin()});
    for (auto oldest = std::prev(by_age_.end()); topics_.size() > kept_sessions_ && oldest != by_age_.begin();) {
      const auto candidate = oldest--;
      if (topics_.at(*candidate).topic->watchers > 0) continue;
      topics_.erase(*candidate);
      by_age_.erase(candidate);
    }
    return topic;
  }

  const base::Clock& clock_;
  const std::size_t kept_sessions_;
  std::mutex mutex_;
  std::list<std::string> by_age_;  // youngest first
  std::unordered_map<std::string, Kept> topics_;
};

}  // namespace

std::unique_ptr<SessionEvents> MakeInProcessEvents(const base::Clock& clock, std::size_t kept_sessions) {
  return std::make_unique<InProcessEvents>(clock, kept_sessions);
}

}  // namespace speechcoach::pipeline
