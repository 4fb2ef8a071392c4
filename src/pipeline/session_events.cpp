#include "pipeline/session_events.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <iterator>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/log.h"
#include "pipeline/event_json.h"

namespace speechcoach::pipeline {
namespace {

constexpr std::chrono::milliseconds kLogInterval{300};

// A whole event has room for every payload: too much to hold for each of thousands of sessions.
struct Progress {
  ProgressEvent event;
  std::int64_t at_ms = 0;
};

// The watchers of one session. Its mutex is held while handlers run: that keeps the order, and lets the end of a
// subscription promise that no call follows.
struct Topic {
  std::mutex mutex;
  std::vector<SessionEvent> log;     // where there is no other
  std::int64_t newest = 0;           // number of the newest kept event that watchers were told
  std::optional<Progress> progress;  // the newest
  int percent = 0;
  std::map<std::int64_t, SessionEvents::Handler> handlers;
  std::int64_t next_handler = 0;
  std::atomic<int> watchers = 0;
};

class LoggedEvents final : public SessionEvents {
 public:
  LoggedEvents(const base::Clock& clock, storage::EventRepository* log, std::size_t kept_sessions)
      : clock_(clock), log_(log), kept_sessions_(kept_sessions) {
    if (log_ != nullptr) follower_ = std::jthread([this](const std::stop_token& stop) { Follow(stop); });
  }

  Subscription Subscribe(const std::string& session_id, std::int64_t after, Handler handler) override {
    const std::shared_ptr<Topic> topic = Touch(session_id, 1);
    const std::lock_guard lock(topic->mutex);
    for (const SessionEvent& event : After(*topic, session_id, after)) {
      topic->newest = std::max(topic->newest, event.number);
      handler(event);
    }
    if (topic->progress) handler({session_id, 0, topic->progress->at_ms, topic->progress->event});
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
    static_cast<void>(KeepAndTell(*topic, session_id, std::move(payload)));
  }

  base::Status PublishEnd(const std::string& session_id, EventPayload end, std::int64_t completed_at_ms) override {
    const std::shared_ptr<Topic> topic = Touch(session_id, 0);
    const std::lock_guard lock(topic->mutex);
    // What an earlier analysis of the same recording ended with was told before this one was completed.
    const bool is_told = std::ranges::any_of(After(*topic, session_id, 0), [&](const SessionEvent& event) {
      return event.at_ms >= completed_at_ms && IsEnd(event.payload) && EndedTurn(event.payload) == EndedTurn(end);
    });
    if (is_told) return {};
    if (std::holds_alternative<CompleteEvent>(end)) static_cast<void>(KeepAndTell(*topic, session_id, kAllDone));
    return KeepAndTell(*topic, session_id, std::move(end));
  }

  void FollowLog(const std::string& session_id) override {
    if (log_ == nullptr) return;
    const std::lock_guard lock(mutex_);
    if (std::ranges::find(followed_, session_id) == followed_.end()) followed_.push_back(session_id);
    changed_.notify_all();
  }

 private:
  struct Kept {
    std::shared_ptr<Topic> topic;
    std::list<std::string>::iterator age;
  };

  static void Tell(Topic& topic, const SessionEvent& event) {
    topic.newest = std::max(topic.newest, event.number);
    if (IsEnd(event.payload)) {
      topic.percent = 0;
      topic.progress.reset();
    }
    for (const auto& [key, handler] : topic.handlers) handler(event);
  }

  base::Status KeepAndTell(Topic& topic, const std::string& session_id, EventPayload payload) {
    SessionEvent event{session_id, 0, clock_.NowMs(), std::move(payload)};
    if (const auto* progress = std::get_if<ProgressEvent>(&event.payload)) {
      const bool is_waiting = progress->ahead && topic.percent == 0;
      if (progress->percent <= topic.percent && !is_waiting) return {};
      topic.percent = progress->percent;
      topic.progress = Progress{*progress, event.at_ms};
    }
    const base::Status kept = IsKept(event.payload) ? Log(topic, event) : base::Status();
    Tell(topic, event);
    return kept;
  }

  // Gives the event its number; 0 where it could not be kept.
  base::Status Log(Topic& topic, SessionEvent& event) {
    if (log_ == nullptr) {
      event.number = topic.log.empty() ? 1 : topic.log.back().number + 1;
      topic.log.push_back(event);
      return {};
    }
    const auto number = log_->Add(event.session_id, event.at_ms, ToLogText(event.payload));
    if (number.ok()) {
      event.number = *number;
      return {};
    }
    base::Log(base::LogLevel::kWarning, "event not kept", {{"session_id", event.session_id}, {"reason", number.error().message}});
    return number.error();
  }

  std::vector<SessionEvent> After(const Topic& topic, const std::string& session_id, std::int64_t number) {
    std::vector<SessionEvent> events;
    if (log_ == nullptr) {
      std::ranges::copy_if(topic.log, std::back_inserter(events),
                           [&](const SessionEvent& event) { return event.number > number; });
      return events;
    }
    const auto rows = log_->After(session_id, number);
    if (!rows.ok()) {
      base::Log(base::LogLevel::kWarning, "events not read", {{"session_id", session_id}, {"reason", rows.error().message}});
      return events;
    }
    for (const storage::EventRecord& row : *rows) {
      auto payload = FromLogText(row.payload);
      if (payload.ok()) {
        events.push_back({session_id, row.number, row.at_ms, std::move(*payload)});
      } else {
        base::Log(base::LogLevel::kError, payload.error().message, {{"session_id", session_id}});
      }
    }
    return events;
  }

  void Follow(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      std::vector<std::string> followed;
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, stop, [this] { return !followed_.empty(); });
        followed = followed_;
      }
      std::vector<std::string> ended;
      for (const std::string& session_id : followed) {
        if (!LookInto(session_id)) ended.push_back(session_id);
      }
      std::unique_lock lock(mutex_);
      for (const std::string& session_id : ended) std::erase(followed_, session_id);
      changed_.wait_for(lock, stop, kLogInterval, [] { return false; });
    }
  }

  // False where nothing more is to be looked for.
  bool LookInto(const std::string& session_id) {
    const std::shared_ptr<Topic> topic = Touch(session_id, 0);
    const std::lock_guard lock(topic->mutex);
    if (topic->watchers == 0) return false;
    for (const SessionEvent& event : After(*topic, session_id, topic->newest)) {
      Tell(*topic, event);
      if (IsEnd(event.payload)) return false;
    }
    return true;
  }

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
  storage::EventRepository* const log_;
  const std::size_t kept_sessions_;
  std::mutex mutex_;
  std::list<std::string> by_age_;  // youngest first
  std::unordered_map<std::string, Kept> topics_;
  std::vector<std::string> followed_;
  std::condition_variable_any changed_;
  std::jthread follower_;
};

}  // namespace

bool IsKept(const EventPayload& payload) {
  if (const auto* transcription = std::get_if<TranscriptionEvent>(&payload)) return transcription->is_final;
  return !std::holds_alternative<ProgressEvent>(payload) && !std::holds_alternative<FeedbackDeltaEvent>(payload) &&
         !std::holds_alternative<HintEvent>(payload);
}

bool IsEnd(const EventPayload& payload) {
  if (const auto* error = std::get_if<ErrorEvent>(&payload)) return error->stage == model::Stage::kListening;
  return std::holds_alternative<CompleteEvent>(payload);
}

int EndedTurn(const EventPayload& end) {
  if (const auto* error = std::get_if<ErrorEvent>(&end)) return error->turn;
  return std::get<CompleteEvent>(end).turn;
}

std::unique_ptr<SessionEvents> MakeSessionEvents(const base::Clock& clock, storage::EventRepository* log,
                                                 std::size_t kept_sessions) {
  return std::make_unique<LoggedEvents>(clock, log, kept_sessions);
}

}  // namespace speechcoach::pipeline
