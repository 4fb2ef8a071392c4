#include "queue/celery/events.h"

#include <algorithm>
#include <utility>

#include <unistd.h>

#include "base/clock.h"
#include "queue/celery/message.h"

namespace speechcoach::queue::celery {
namespace {

namespace bj = boost::json;

constexpr std::size_t kMostWaiting = 50;

}  // namespace

Events::Events(redis::Client& client, std::string hostname, LamportClock& clock, bool with_tasks)
    : client_(client), hostname_(std::move(hostname)), clock_(clock), with_tasks_(with_tasks) {}

void Events::Fill(std::string_view type, bj::object& fields) {
  fields["type"] = type;
  fields["hostname"] = hostname_;
  fields["pid"] = ::getpid();
  fields["clock"] = clock_.Forward();
  fields["timestamp"] = static_cast<double>(base::SystemClock().NowMs()) / 1000.0;
  fields["utcoffset"] = 0;
}

void Events::Publish(const std::string& routing_key, bj::value body) {
  Envelope envelope;
  envelope.body = std::move(body);
  envelope.headers["hostname"] = hostname_;
  envelope.exchange = "celeryev";
  envelope.routing_key = routing_key;
  envelope.is_persistent = false;
  const std::string channel = "/" + std::to_string(client_.options().database) + ".celeryev/" + routing_key;
  [[maybe_unused]] const auto told = client_.Run(redis::Command{"PUBLISH", channel, WriteEnvelope(envelope)});
}

void Events::SendWorker(std::string_view type, bj::object fields) {
  Fill(type, fields);
  std::string routing_key(type);
  std::ranges::replace(routing_key, '-', '.');
  Publish(routing_key, std::move(fields));
}

void Events::SendTask(std::string_view type, bj::object fields) {
  if (!with_tasks_) return;
  bj::array ready;
  {
    const std::lock_guard lock(mutex_);
    Fill(type, fields);
    waiting_.push_back(std::move(fields));
    if (waiting_.size() < kMostWaiting) return;
    ready = std::exchange(waiting_, {});
  }
  Publish("task.multi", std::move(ready));
}

void Events::Flush() {
  bj::array ready;
  {
    const std::lock_guard lock(mutex_);
    ready = std::exchange(waiting_, {});
  }
  if (!ready.empty()) Publish("task.multi", std::move(ready));
}

}  // namespace speechcoach::queue::celery
