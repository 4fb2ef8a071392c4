#include "queue/celery/worker.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <ranges>
#include <system_error>
#include <type_traits>
#include <utility>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "queue/celery/bells.h"
#include "queue/celery/dead_letters.h"
#include "queue/celery/iso_time.h"
#include "queue/celery/names.h"
#include "queue/celery/producer.h"
#include "queue/celery/python_repr.h"
#include "trace/span.h"

namespace speechcoach::queue::celery {
namespace {

namespace bj = boost::json;

constexpr std::size_t kMostWaiting = 10'000;  // tasks that wait here for their time; beyond it nothing more is taken
constexpr int kMostWaits = 150;               // for what is away; at half a minute each, more than an hour
constexpr std::chrono::milliseconds kTick{100};
constexpr std::chrono::milliseconds kFlushEvery{500};
constexpr std::chrono::seconds kLookForLostEvery{5};
constexpr std::chrono::milliseconds kLongestWait{5'000};
constexpr std::chrono::milliseconds kFirstPause{50};
constexpr std::chrono::milliseconds kLongestPause{2'000};
constexpr std::chrono::seconds kLastWords{5};  // for handlers that were asked to stop

std::int64_t NowMs() { return base::SystemClock().NowMs(); }

void Log(base::LogLevel level, std::string_view event, const TaskMessage& message, std::string_view reason) {
  base::Log(level, event, {{"task", message.task}, {"id", message.id}, {"reason", reason}});
}

// Why a run did not do its work, as a stable name; empty: it did.
std::string_view FaultOf(const Outcome& outcome) {
  if (std::holds_alternative<Retry>(outcome)) return "retry";
  if (std::holds_alternative<Interrupted>(outcome)) return "interrupted";
  const Failure* failure = std::get_if<Failure>(&outcome);
  return failure != nullptr ? std::string_view(failure->type) : std::string_view();
}

// The pause before the next try: doubles with each, and is shortened at random so that what failed together does not return
// together.
std::chrono::milliseconds PauseBefore(int retry, const TaskOptions& options) {
  static thread_local std::minstd_rand random{std::random_device{}()};
  const double longest = std::min(static_cast<double>(options.first_pause.count()) * std::pow(2.0, std::min(retry, 30)),
                                  static_cast<double>(options.longest_pause.count()));
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::uniform_real_distribution(longest / 2, longest)(random)));
}

bj::value TimeOrNull(const std::optional<std::int64_t>& time_ms) {
  return time_ms ? bj::value(FormatIsoTime(*time_ms)) : bj::value(nullptr);
}
bj::value TextOrNull(const std::string& text) { return text.empty() ? bj::value(nullptr) : bj::value(text); }

bj::object ReceivedFields(const TaskMessage& message) {
  return {{"uuid", message.id},
          {"name", message.task},
          {"args", PythonReprTuple(message.args)},
          {"kwargs", PythonRepr(message.kwargs)},
          {"root_id", TextOrNull(message.root_id)},
          {"parent_id", TextOrNull(message.parent_id)},
          {"retries", message.retries},
          {"eta", TimeOrNull(message.eta_ms)},
          {"expires", TimeOrNull(message.expires_ms)}};
}

// The queue of a list: without the priority behind the separator.
std::string QueueOfList(const std::string& list) { return list.substr(0, list.find(kSeparator)); }

}  // namespace

Worker::Worker(redis::Options server, WorkerOptions options, Registry registry)
    : server_(std::move(server)),
      options_(std::move(options)),
      registry_(std::move(registry)),
      id_(options_.hostname + "." + base::RandomHex(4)),
      client_(server_, {.connections = std::max(4, options_.concurrency + 3)}),
      broker_(client_),
      events_(client_, options_.hostname, clock_, options_.task_events),
      settler_(client_, options_.route ? options_.route : DefaultRoute(), OriginName(), options_.result_expires_s),
      queues_(options_.queues),
      wake_fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (wake_fd_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  for (const auto& [name, task] : registry_)
    limits_[name] = {task.options.rate_per_s, {}, task.options.soft_limit_s, task.options.hard_limit_s};
}

Worker::~Worker() {
  Stop(std::chrono::milliseconds(0));
  for (std::thread& thread : threads_) thread.join();
  ::close(wake_fd_);
}

base::Status Worker::Start() {
  for (const std::string& queue : queues_) {
    if (const base::Status declared = broker_.Declare(queue); !declared.ok()) return declared;
  }
  if (const base::Status alive = broker_.StayAlive(id_, options_.alive_for, {}); !alive.ok()) return alive;
  events_.SendWorker("worker-online", HeartbeatFields());
  pidbox_ = std::make_unique<Pidbox>(
      client_, options_.hostname, clock_,
      [this](const std::string& method, const bj::object& arguments) { return Control(method, arguments); });
  const std::lock_guard lock(mutex_);
  is_started_ = true;
  pool_size_ = options_.concurrency;
  for (int i = 0; i < pool_size_; ++i) StartThreadLocked();
  fetcher_ = std::thread([this] { FetchLoop(); });
  house_ = std::thread([this] { HouseLoop(); });
  return {};
}

void Worker::StartThreadLocked() {
  ++threads_running_;
  threads_.emplace_back([this] { RunLoop(); });
}

void Worker::Wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_fd_, &one, sizeof one);
}

// --- taking -----------------------------------------------------------------------------------------------------------

int Worker::CapacityLocked() const {
  if (is_stopping_ || waiting_.size() >= kMostWaiting) return 0;
  const int taken = static_cast<int>(ready_.size() + active_.size()) + held_back_;
  return pool_size_ * options_.prefetch_multiplier - taken;
}

int Worker::SlotsLocked(const std::string& queue) const {
  const auto slots = options_.slots.find(queue);
  if (slots == options_.slots.end()) return pool_size_;
  return std::max(1, slots->second + pool_size_ - options_.concurrency);
}

int Worker::FreeSlotsLocked(const std::string& queue) const {
  if (options_.slots.empty()) return CapacityLocked();
  const auto is_of = [&queue](const RequestPtr& request) { return request->queue == queue; };
  const auto taken = std::ranges::count_if(ready_ | std::views::values, is_of) + std::ranges::count_if(active_, is_of);
  return SlotsLocked(queue) * options_.prefetch_multiplier - static_cast<int>(taken);
}

// By priority; within one, each queue is the first in turn. Only those from which something may be taken.
std::vector<std::string> Worker::ListsLocked() {
  std::vector<std::string> open;
  ++next_queue_;
  for (std::size_t i = 0; i < queues_.size(); ++i) {
    const std::string& queue = queues_[(next_queue_ + i) % queues_.size()];
    if (FreeSlotsLocked(queue) > 0) open.push_back(queue);
  }
  std::vector<std::string> lists;
  for (const int priority : kPrioritySteps) {
    for (const std::string& queue : open) lists.push_back(QueueKey(queue, priority));
  }
  return lists;
}

std::chrono::milliseconds Worker::UntilDueLocked() const {
  if (waiting_.empty()) return kLongestWait;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(waiting_.begin()->first - Clock::now());
  return std::clamp(left, std::chrono::milliseconds(0), kLongestWait);
}

void Worker::MakeReadyLocked(const RequestPtr& request) {
  Limits& limits = limits_[request->message.task];
  if (limits.rate_per_s > 0) {
    const auto now = Clock::now();
    if (limits.next_start > now && !request->is_held_back) {
      request->is_held_back = true;
      ++held_back_;
      waiting_.emplace(limits.next_start, request);
      limits.next_start += std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1.0 / limits.rate_per_s));
      return;
    }
    if (!request->is_held_back)
      limits.next_start =
          now + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1.0 / limits.rate_per_s));
  }
  if (std::exchange(request->is_held_back, false)) --held_back_;
  ready_.emplace(std::pair(request->message.priority, arrivals_++), request);
  changed_.notify_all();
}

void Worker::MoveDueLocked() {
  while (!waiting_.empty() && waiting_.begin()->first <= Clock::now()) {
    const RequestPtr request = waiting_.begin()->second;
    waiting_.erase(waiting_.begin());
    MakeReadyLocked(request);
  }
}

void Worker::FetchLoop() {
  std::unique_ptr<redis::Connection> connection;
  Bells bells(server_);
  redis::Backoff backoff(kFirstPause, kLongestPause);
  while (!is_stopping_) {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto drained = ::read(wake_fd_, &count, sizeof count);
    base::Status status;
    if (!connection) {
      auto opened = redis::Connection::Open(server_);
      if (opened.ok()) {
        connection = std::move(*opened);
        if (!is_connected_) RestoreUnknown();
        is_connected_ = true;
        backoff.Reset();
      } else {
        status = opened.error();
      }
    }
    if (connection) status = FetchOnce(*connection, bells);
    if (status.ok()) continue;
    if (is_connected_.exchange(false)) base::Log(base::LogLevel::kWarning, "broker lost", {{"reason", status.error().message}});
    connection.reset();
    bells.Clear();
    pollfd wake{wake_fd_, POLLIN, 0};
    ::poll(&wake, 1, static_cast<int>(backoff.Next().count()));
  }
}

base::Status Worker::FetchOnce(redis::Connection& connection, Bells& bells) {
  int wanted = 0;
  std::vector<std::string> lists;
  std::chrono::milliseconds wait{0};
  {
    const std::lock_guard lock(mutex_);
    MoveDueLocked();
    wanted = CapacityLocked();
    lists = ListsLocked();
    for (const std::string& list : lists) wanted = std::min(wanted, FreeSlotsLocked(QueueOfList(list)));
    wait = UntilDueLocked();
  }
  if (wanted <= 0 || lists.empty()) {
    pollfd wake{wake_fd_, POLLIN, 0};
    ::poll(&wake, 1, static_cast<int>(wait.count()));
    return {};
  }
  auto fetched = Broker::Fetch(connection, id_, lists, wanted);
  if (!fetched.ok()) return fetched.error();
  for (Delivery& delivery : *fetched) Accept(std::move(delivery));
  return fetched->empty() ? bells.Wait(lists, wake_fd_, wait) : base::Status();
}

// An answer that was lost on its way leaves messages under this worker's name of which it knows nothing.
void Worker::RestoreUnknown() {
  const auto held = broker_.Held(id_);
  if (!held.ok()) return;
  for (const std::string& tag : *held) {
    {
      const std::lock_guard lock(mutex_);
      if (tags_.contains(tag)) continue;
    }
    GiveBack(tag, false);
  }
}

void Worker::Accept(Delivery delivery) {
  auto request = std::make_shared<Request>();
  request->queue = QueueOfList(delivery.queue_key);
  request->payload = std::move(delivery.payload);
  {
    const std::lock_guard lock(mutex_);
    tags_.insert(delivery.tag);
  }
  auto parsed = ParseTask(request->payload);
  if (!parsed.ok()) {
    request->message.delivery_tag = delivery.tag;
    request->message.id = "unreadable-" + delivery.tag;
    Log(base::LogLevel::kError, "message not understood", request->message, parsed.error().message);
    Settlement settlement;
    settlement.then = BuryCommands({request->message.id, "", request->queue, parsed.error().message,
                                    static_cast<double>(NowMs()) / 1000.0, request->payload});
    Done(request, settlement);
    return;
  }
  request->message = std::move(*parsed);
  request->message.delivery_tag = delivery.tag;
  const TaskMessage& message = request->message;
  const auto task = registry_.find(message.task);
  if (task == registry_.end()) {
    Log(base::LogLevel::kError, "task not known", message, "no task of that name is registered");
    Fail(request, {"NotRegistered", message.task, "celery.exceptions"});
    return;
  }
  request->task = &task->second;
  if (events_.with_tasks()) events_.SendTask("task-received", ReceivedFields(message));
  const std::lock_guard lock(mutex_);
  const std::int64_t now_ms = NowMs();
  if (message.eta_ms && *message.eta_ms > now_ms) {
    waiting_.emplace(Clock::now() + std::chrono::milliseconds(*message.eta_ms - now_ms), request);
  } else {
    MakeReadyLocked(request);
  }
}

// --- running ----------------------------------------------------------------------------------------------------------

bool Worker::MayRunLocked(const Request& request) const {
  if (options_.slots.empty()) return true;
  const auto running = std::ranges::count_if(active_, [&](const RequestPtr& other) { return other->queue == request.queue; });
  return running < SlotsLocked(request.queue);
}

Worker::Ready::iterator Worker::NextLocked() {
  return std::ranges::find_if(ready_, [this](const auto& item) { return MayRunLocked(*item.second); });
}

void Worker::RunLoop() {
  while (true) {
    RequestPtr request;
    {
      std::unique_lock lock(mutex_);
      auto next = ready_.end();
      changed_.wait(lock, [&] {
        next = NextLocked();
        return is_stopping_ || threads_running_ > pool_size_ || next != ready_.end();
      });
      if (is_stopping_ || threads_running_ > pool_size_) {
        --threads_running_;
        changed_.notify_all();
        return;
      }
      request = next->second;
      ready_.erase(next);
      request->started = Clock::now();
      request->time_start_s = static_cast<double>(NowMs()) / 1000.0;
      active_.insert(request);
    }
    Execute(request);
    const std::lock_guard lock(mutex_);
    if (request->is_abandoned) {  // another thread has taken this one's place
      --threads_abandoned_;
      changed_.notify_all();
      return;
    }
  }
}

void Worker::Execute(const RequestPtr& request) {
  const TaskMessage& message = request->message;
  if (message.deliveries >= request->task->options.max_deliveries) {
    return Fail(request, {"WorkerLostError", fmt::format("{} workers died with it", message.deliveries), "billiard.exceptions"});
  }
  bool is_revoked = false;
  {
    const std::lock_guard lock(mutex_);
    is_revoked = revoked_.Contains(message.id);
    ++totals_[message.task];
  }
  const bool is_expired = message.expires_ms && *message.expires_ms < NowMs();
  if (is_revoked || is_expired) {
    Done(request, settler_.Revoked(message, false, is_expired && !is_revoked));
    return;
  }
  if (events_.with_tasks()) events_.SendTask("task-started", {{"uuid", message.id}});
  trace::ActiveSpan span("process " + message.task, trace::SpanKind::kConsumer,
                         base::ParseTraceparent(message.traceparent).value_or(base::TraceContext{}));
  span->Set("messaging.system", "celery");
  span->Set("messaging.destination.name", request->queue);
  span->Set("messaging.message.id", message.id);
  span->Set("speechcoach.attempt", message.retries + message.deliveries + 1);
  Outcome outcome;
  try {
    outcome = request->task->handler({message, request->stop.get_token()});
  } catch (const std::exception& fault) {
    outcome = Retry{fault.what(), {}};
  }
  if (const std::string_view fault = FaultOf(outcome); !fault.empty()) span->Fail(fault);
  Conclude(request, std::move(outcome));
}

// Redis may be away for a while: what was done is not forgotten for that.
template <typename Call>
auto Worker::Insist(Call&& call) -> decltype(call()) {
  redis::Backoff backoff(kFirstPause, kLongestPause);
  while (true) {
    auto answer = call();
    if (answer.ok() || answer.error().code != base::ErrorCode::kStorageUnavailable || is_giving_up_) return answer;
    std::this_thread::sleep_for(backoff.Next());
  }
}

void Worker::Conclude(const RequestPtr& request, Outcome outcome) {
  const TaskMessage& message = request->message;
  bool is_over_soft_limit = false;
  bool is_terminated = false;
  {
    const std::lock_guard lock(mutex_);
    if (request->is_abandoned) return;
    is_over_soft_limit = request->is_over_soft_limit;
    is_terminated = request->is_terminated;
  }
  if (std::holds_alternative<Interrupted>(outcome)) {
    if (is_terminated) return Done(request, settler_.Revoked(message, true, false));
    if (is_over_soft_limit)
      return Fail(request, {"SoftTimeLimitExceeded", "the soft time limit was exceeded", "billiard.exceptions"});
    GiveBack(message.delivery_tag, false);
    const std::lock_guard lock(mutex_);
    active_.erase(request);
    changed_.notify_all();
    return;
  }
  if (auto* retry = std::get_if<Retry>(&outcome)) {
    // What has been away for so long may be gone for this task alone: it ends one day.
    retry->is_counted = retry->is_counted || message.waits >= kMostWaits;
    if (retry->is_counted && message.retries >= request->task->options.max_retries) {
      return Fail(request, {"MaxRetriesExceededError", retry->reason, "celery.exceptions"});
    }
    return TryAgain(request, *retry);
  }
  if (const auto* failure = std::get_if<Failure>(&outcome)) return Fail(request, *failure);
  const double runtime_s = std::chrono::duration<double>(Clock::now() - request->started).count();
  const auto settlement = Insist([&] { return settler_.Succeeded(message, std::get<Success>(outcome).result, runtime_s); });
  if (settlement.ok()) return Done(request, *settlement);
  Log(base::LogLevel::kError, "result not stored", message, settlement.error().message);
  Done(request, {});
}

void Worker::TryAgain(const RequestPtr& request, const Retry& retry) {
  const TaskMessage& message = request->message;
  const auto pause =
      retry.countdown.value_or(PauseBefore(retry.is_counted ? message.retries : message.waits, request->task->options));
  Log(base::LogLevel::kInfo, "task to be tried again", message, retry.reason);
  Done(request, settler_.Retried(message, request->queue, retry.reason, NowMs() + pause.count(), retry.is_counted));
}

bool Worker::IsFailureNoted(const Request& request, const Failure& failure) {
  if (request.task == nullptr || !request.task->options.on_failure) return true;
  try {
    return request.task->options.on_failure(request.message, failure);
  } catch (const std::exception& fault) {
    Log(base::LogLevel::kError, "failure not noted", request.message, fault.what());
    return true;  // a dead letter says so
  }
}

void Worker::Fail(const RequestPtr& request, const Failure& failure) {
  Log(base::LogLevel::kError, "task failed", request->message, failure.type);
  if (!IsFailureNoted(*request, failure)) return TryAgain(request, {failure.type, {}, false});
  const auto settlement = Insist([&] { return settler_.Failed(request->message, request->queue, failure, request->payload); });
  Done(request, settlement.ok() ? *settlement : Settlement());
}

void Worker::Done(const RequestPtr& request, const Settlement& settlement) {
  const std::string& tag = request->message.delivery_tag;
  // Redis kept nothing of it where this cannot be said: the message comes back when this worker counts as dead.
  const auto finished = Insist([&] { return broker_.Finish(id_, tag, settlement.result, settlement.then); });
  if (!finished.ok()) Log(base::LogLevel::kError, "end of a task not noted", request->message, finished.error().message);
  if (!settlement.event.empty() && events_.with_tasks()) events_.SendTask(settlement.event, settlement.event_fields);
  const std::lock_guard lock(mutex_);
  tags_.erase(tag);
  active_.erase(request);
  changed_.notify_all();
  Wake();
}

void Worker::GiveBack(const std::string& tag, bool lost) {
  const auto restored = Insist([&] { return broker_.Restore(id_, tag, lost); });
  if (!restored.ok()) base::Log(base::LogLevel::kError, "message not given back", {{"reason", restored.error().message}});
  const std::lock_guard lock(mutex_);
  tags_.erase(tag);
}

// --- keeping house ----------------------------------------------------------------------------------------------------

void Worker::HouseLoop() {
  auto next_heartbeat = Clock::now();
  auto next_flush = Clock::now();
  auto next_look = Clock::now();
  auto next_tags = Clock::now();
  std::unique_lock lock(mutex_);
  while (!is_house_closed_) {
    lock.unlock();
    const auto now = Clock::now();
    EnforceLimits();
    if (now >= next_heartbeat) {
      const bool with_tags = now >= next_tags;
      if (with_tags) next_tags = now + options_.visibility_timeout / 4;
      Heartbeat(with_tags);
      next_heartbeat = now + options_.heartbeat;
    }
    if (now >= next_flush) {
      events_.Flush();
      next_flush = now + kFlushEvery;
    }
    if (now >= next_look) {
      const auto restored = broker_.RestoreLost(options_.visibility_timeout);
      if (restored.ok() && *restored > 0)
        base::Log(base::LogLevel::kWarning, "tasks of lost workers taken up", {{"count", *restored}});
      if (const base::Status trimmed = DeadLetters(client_).Trim(); !trimmed.ok())
        base::Log(base::LogLevel::kWarning, "dead letters not trimmed", {{"reason", trimmed.error().message}});
      next_look = now + kLookForLostEvery;
    }
    lock.lock();
    changed_.wait_for(lock, kTick, [this] { return is_house_closed_; });
  }
}

bj::object Worker::HeartbeatFields() const {
  std::array<double, 3> load{};
  [[maybe_unused]] const int known = ::getloadavg(load.data(), 3);
  const std::lock_guard lock(mutex_);
  std::int64_t processed = 0;
  for (const auto& [task, count] : totals_) processed += count;
  return {{"freq", static_cast<double>(options_.heartbeat.count()) / 1000.0},
          {"active", active_.size()},
          {"processed", processed},
          {"loadavg", bj::array{load[0], load[1], load[2]}},
          {"sw_ident", "speechcoach"},
          {"sw_ver", "0.1.0"},
          {"sw_sys", "Linux"}};
}

void Worker::Heartbeat(bool with_tags) {
  std::vector<std::string> tags;
  if (with_tags) {
    const std::lock_guard lock(mutex_);
    tags.assign(tags_.begin(), tags_.end());
  }
  const base::Status alive = broker_.StayAlive(id_, options_.alive_for, tags);
  if (alive.ok()) events_.SendWorker("worker-heartbeat", HeartbeatFields());
}

// A thread cannot be ended from outside: past the hard limit its task is failed and its place is taken by another, and whatever
// it still brings is thrown away.
void Worker::EnforceLimits() {
  std::vector<std::pair<RequestPtr, double>> overdue;
  {
    const std::lock_guard lock(mutex_);
    for (const RequestPtr& request : active_) {
      if (request->task == nullptr || request->is_abandoned) continue;
      const Limits& limits = limits_[request->message.task];
      const auto soft_s = request->message.soft_limit_s ? request->message.soft_limit_s : limits.soft_s;
      const auto hard_s = request->message.hard_limit_s ? request->message.hard_limit_s : limits.hard_s;
      const double ran_s = std::chrono::duration<double>(Clock::now() - request->started).count();
      if (soft_s && ran_s > *soft_s && !request->is_over_soft_limit) {
        request->is_over_soft_limit = true;
        request->stop.request_stop();
      }
      if (hard_s && ran_s > *hard_s) {
        request->is_abandoned = true;
        request->stop.request_stop();
        --threads_running_;
        ++threads_abandoned_;
        if (!is_stopping_) StartThreadLocked();
        overdue.emplace_back(request, *hard_s);
      }
    }
  }
  for (const auto& [request, limit_s] : overdue)
    Fail(request, {"TimeLimitExceeded", fmt::format("{}", limit_s), "billiard.exceptions"});
}

Worker::Health Worker::health() const {
  const std::lock_guard lock(mutex_);
  Health health{
      is_connected_, static_cast<int>(active_.size()), static_cast<int>(ready_.size()), static_cast<int>(waiting_.size()), 0,
      pool_size_};
  for (const auto& [task, count] : totals_) health.processed += count;
  return health;
}

bool Worker::Stop(std::chrono::milliseconds grace) {
  {
    const std::lock_guard lock(mutex_);
    if (!std::exchange(is_started_, false)) return true;
    is_stopping_ = true;
  }
  changed_.notify_all();
  Wake();
  fetcher_.join();
  pidbox_.reset();
  std::vector<std::string> not_begun;
  {
    const std::lock_guard lock(mutex_);
    // Backwards, so that the first to have come is the first at the front of its list again.
    for (auto item = ready_.rbegin(); item != ready_.rend(); ++item) not_begun.push_back(item->second->message.delivery_tag);
    for (const auto& [time, request] : waiting_) not_begun.push_back(request->message.delivery_tag);
    ready_.clear();
    waiting_.clear();
  }
  for (const std::string& tag : not_begun) GiveBack(tag, false);

  const auto all_are_back = [this] { return threads_running_ == 0 && threads_abandoned_ == 0; };
  bool is_empty = false;
  std::vector<std::string> stuck;
  {
    std::unique_lock lock(mutex_);
    is_empty = changed_.wait_for(lock, grace, all_are_back);
    if (!is_empty) {
      is_giving_up_ = true;
      for (const RequestPtr& request : active_) request->stop.request_stop();
      is_empty = changed_.wait_for(lock, kLastWords, all_are_back);
    }
    for (const RequestPtr& request : active_) stuck.push_back(request->message.delivery_tag);
    is_house_closed_ = true;
  }
  for (const std::string& tag : stuck) GiveBack(tag, false);
  changed_.notify_all();
  house_.join();
  events_.Flush();
  events_.SendWorker("worker-offline", HeartbeatFields());
  if (const base::Status left = broker_.Leave(id_); !left.ok())
    base::Log(base::LogLevel::kWarning, "worker not signed off", {{"reason", left.error().message}});
  return is_empty;
}

}  // namespace speechcoach::queue::celery
