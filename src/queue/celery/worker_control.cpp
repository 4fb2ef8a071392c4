// What Celery's remote control and Flower ask a worker, and its answers in their shapes.
#include <stdexcept>

#include <sys/resource.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/log.h"
#include "base/url.h"
#include "queue/celery/iso_time.h"
#include "queue/celery/json_fields.h"
#include "queue/celery/names.h"
#include "queue/celery/worker.h"

namespace speechcoach::queue::celery {
namespace {

namespace bj = boost::json;

bj::object Ok(std::string text) { return {{"ok", std::move(text)}}; }

std::vector<std::string> Texts(const bj::object& arguments, std::string_view key) {
  const bj::value* value = arguments.if_contains(key);
  if (value == nullptr) return {};
  if (value->is_string()) return {std::string(value->get_string())};
  std::vector<std::string> texts;
  if (value->is_array()) {
    for (const bj::value& item : value->get_array()) {
      if (item.is_string()) texts.emplace_back(item.get_string());
    }
  }
  return texts;
}

// "10/s", "5/m", "100/h", 10 or "10": starts a second.
double RatePerSecond(const bj::object& arguments) {
  if (const auto number = Number(arguments, "rate_limit")) return *number;
  const std::string text = Text(arguments, "rate_limit");
  if (text.empty()) return 0;
  std::size_t used = 0;
  double rate = std::stod(text, &used);
  const std::string unit = text.substr(used);
  if (unit == "/m") return rate / 60;
  if (unit == "/h") return rate / 3600;
  if (!unit.empty() && unit != "/s") throw std::invalid_argument("Invalid rate limit string: " + text);
  return rate;
}

double Seconds(const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; }

}  // namespace

bj::object Worker::InfoLocked(const Request& request) const {
  const TaskMessage& message = request.message;
  return {{"id", message.id},
          {"name", message.task},
          {"args", message.args},
          {"kwargs", message.kwargs},
          {"type", message.task},
          {"hostname", options_.hostname},
          {"time_start", request.time_start_s > 0 ? bj::value(request.time_start_s) : bj::value(nullptr)},
          {"acknowledged", false},
          {"delivery_info", bj::object{{"exchange", message.exchange},
                                       {"routing_key", message.routing_key},
                                       {"priority", message.priority},
                                       {"redelivered", message.redelivered}}},
          {"worker_pid", request.time_start_s > 0 ? bj::value(::getpid()) : bj::value(nullptr)}};
}

bj::object Worker::Stats() const {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const std::lock_guard lock(mutex_);
  bj::object total;
  for (const auto& [task, count] : totals_) total[task] = count;
  const auto uptime_s = std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - born_).count();
  return {{"total", std::move(total)},
          {"pid", ::getpid()},
          {"clock", std::to_string(clock_.value())},
          {"uptime", uptime_s},
          {"pool", bj::object{{"implementation", "speechcoach:threads"},
                              {"max-concurrency", pool_size_},
                              {"processes", bj::array{::getpid()}},
                              {"max-tasks-per-child", "N/A"},
                              {"put-guarded-by-semaphore", true},
                              {"timeouts", bj::array{0, 0}}}},
          {"broker", bj::object{{"transport", server_.tls.enabled ? "rediss" : "redis"},
                                {"hostname", server_.socket_path.empty() ? server_.server.host : server_.socket_path},
                                {"port", server_.server.port},
                                {"userid", server_.username.empty() ? bj::value(nullptr) : bj::value(server_.username)},
                                {"virtual_host", std::to_string(server_.database)},
                                {"connect_timeout", server_.connect_timeout_ms / 1000},
                                {"ssl", server_.tls.enabled}}},
          {"prefetch_count", pool_size_ * options_.prefetch_multiplier},
          {"rusage", bj::object{{"utime", Seconds(usage.ru_utime)},
                                {"stime", Seconds(usage.ru_stime)},
                                {"maxrss", usage.ru_maxrss},
                                {"minflt", usage.ru_minflt},
                                {"majflt", usage.ru_majflt},
                                {"nvcsw", usage.ru_nvcsw},
                                {"nivcsw", usage.ru_nivcsw}}}};
}

bj::value Worker::Inspect(const std::string& method, const bj::object& arguments) {
  if (method == "stats") return Stats();
  const std::lock_guard lock(mutex_);
  if (method == "active" || method == "dump_active") {
    bj::array infos;
    for (const RequestPtr& request : active_) infos.push_back(InfoLocked(*request));
    return infos;
  }
  if (method == "reserved" || method == "dump_reserved") {
    bj::array infos;
    for (const auto& [place, request] : ready_) infos.push_back(InfoLocked(*request));
    for (const auto& [time, request] : waiting_) {
      if (request->is_held_back) infos.push_back(InfoLocked(*request));
    }
    return infos;
  }
  if (method == "scheduled" || method == "dump_schedule") {
    bj::array infos;
    for (const auto& [time, request] : waiting_) {
      if (request->is_held_back) continue;
      infos.push_back(bj::object{
          {"eta", FormatIsoTime(request->message.eta_ms.value_or(0))}, {"priority", 6}, {"request", InfoLocked(*request)}});
    }
    return infos;
  }
  if (method == "registered" || method == "registered_tasks" || method == "dump_tasks") {
    bj::array names;
    for (const auto& [name, task] : registry_) names.emplace_back(name);
    return names;
  }
  if (method == "revoked" || method == "dump_revoked") {
    bj::array ids;
    for (const std::string& id : revoked_.Ids()) ids.emplace_back(id);
    return ids;
  }
  if (method == "active_queues") {
    bj::array queues;
    for (const std::string& queue : queues_) {
      queues.push_back(bj::object{{"name", queue},
                                  {"exchange", bj::object{{"name", queue},
                                                          {"type", "direct"},
                                                          {"arguments", nullptr},
                                                          {"durable", true},
                                                          {"passive", false},
                                                          {"auto_delete", false},
                                                          {"delivery_mode", nullptr},
                                                          {"no_declare", false}}},
                                  {"routing_key", queue},
                                  {"queue_arguments", nullptr},
                                  {"binding_arguments", nullptr},
                                  {"consumer_arguments", nullptr},
                                  {"durable", true},
                                  {"exclusive", false},
                                  {"auto_delete", false},
                                  {"no_ack", false},
                                  {"alias", nullptr},
                                  {"bindings", bj::array()},
                                  {"no_declare", nullptr},
                                  {"expires", nullptr},
                                  {"message_ttl", nullptr},
                                  {"max_length", nullptr},
                                  {"max_length_bytes", nullptr},
                                  {"max_priority", nullptr}});
    }
    return queues;
  }
  if (method == "query_task") {
    bj::object found;
    for (const std::string& id : Texts(arguments, "ids")) {
      for (const RequestPtr& request : active_) {
        if (request->message.id == id) found[id] = bj::array{"active", InfoLocked(*request)};
      }
      for (const auto& [place, request] : ready_) {
        if (request->message.id == id) found[id] = bj::array{"reserved", InfoLocked(*request)};
      }
      for (const auto& [time, request] : waiting_) {
        if (request->message.id == id) found[id] = bj::array{"reserved", InfoLocked(*request)};
      }
    }
    return found;
  }
  if (method == "conf" || method == "dump_conf") {
    return bj::object{{"worker_concurrency", pool_size_},
                      {"worker_prefetch_multiplier", options_.prefetch_multiplier},
                      {"task_acks_late", true},
                      {"task_reject_on_worker_lost", true},
                      {"task_serializer", "json"},
                      {"accept_content", bj::array{"json"}},
                      {"result_expires", options_.result_expires_s},
                      {"worker_send_task_events", events_.with_tasks()},
                      {"enable_utc", true},
                      {"timezone", "UTC"},
                      {"broker_transport_options", bj::object{{"visibility_timeout", options_.visibility_timeout.count()}}}};
  }
  throw std::invalid_argument("KeyError('" + method + "')");
}

bj::value Worker::Revoke(const bj::object& arguments) {
  const std::vector<std::string> ids = Texts(arguments, "task_id");
  const bj::value* wanted = arguments.if_contains("terminate");
  const bool terminate = wanted != nullptr && wanted->is_bool() && wanted->get_bool();
  std::vector<RequestPtr> waiting;
  {
    const std::lock_guard lock(mutex_);
    for (const std::string& id : ids) {
      revoked_.Add(id);
      for (const RequestPtr& request : active_) {
        if (!terminate || request->message.id != id) continue;
        request->is_terminated = true;
        request->stop.request_stop();
      }
      // What waits for its time is done with now, not then.
      for (auto item = waiting_.begin(); item != waiting_.end();) {
        if (item->second->message.id != id) {
          ++item;
          continue;
        }
        if (item->second->is_held_back) --held_back_;
        waiting.push_back(item->second);
        item = waiting_.erase(item);
      }
    }
  }
  for (const RequestPtr& request : waiting) Done(request, settler_.Revoked(request->message, false, false));
  return Ok("tasks " + bj::serialize(bj::value_from(ids)) + " flagged as revoked");
}

bj::value Worker::Resize(int by) {
  const std::lock_guard lock(mutex_);
  if (pool_size_ + by < 1) throw std::invalid_argument("the pool cannot shrink below one thread");
  if (pool_size_ + by > 1'000) throw std::invalid_argument("the pool cannot grow beyond 1000 threads");
  pool_size_ += by;
  while (threads_running_ < pool_size_) StartThreadLocked();
  changed_.notify_all();
  Wake();
  return Ok(by >= 0 ? "pool will grow" : "pool will shrink");
}

bj::value Worker::Consume(const std::string& queue, bool add) {
  if (queue.empty()) throw std::invalid_argument("a queue's name is needed");
  if (add) {
    if (const base::Status declared = broker_.Declare(queue); !declared.ok()) throw std::runtime_error(declared.error().message);
  }
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(queues_, queue);
  if (add) {
    if (found != queues_.end()) return Ok(fmt::format("already consuming from '{}'", queue));
    queues_.push_back(queue);
    Wake();
    return Ok(fmt::format("add consumer '{}'", queue));
  }
  if (found != queues_.end()) queues_.erase(found);
  Wake();
  return Ok("no longer consuming from " + queue);
}

bj::value Worker::Control(const std::string& method, const bj::object& arguments) {
  if (method == "ping") return Ok("pong");
  if (method == "clock") return bj::object{{"clock", clock_.value()}};
  if (method == "hello") {
    if (Text(arguments, "from_node") == options_.hostname) return nullptr;
    return bj::object{{"revoked", bj::object()}, {"clock", clock_.Forward()}};
  }
  if (method == "heartbeat") {
    events_.SendWorker("worker-heartbeat", HeartbeatFields());
    return nullptr;
  }
  if (method == "election") return nullptr;
  if (method == "enable_events") return Ok(events_.EnableTasks(true) ? "task events enabled" : "task events already enabled");
  if (method == "disable_events") return Ok(events_.EnableTasks(false) ? "task events disabled" : "task events already disabled");
  if (method == "shutdown") {
    base::Log(base::LogLevel::kInfo, "shutdown asked for by remote control");
    if (options_.on_shutdown) options_.on_shutdown();
    return nullptr;
  }
  if (method == "revoke") return Revoke(arguments);
  if (method == "pool_grow" || method == "pool_shrink") {
    const int by = static_cast<int>(Number(arguments, "n").value_or(1));
    return Resize(method == "pool_grow" ? by : -by);
  }
  if (method == "add_consumer" || method == "cancel_consumer") return Consume(Text(arguments, "queue"), method == "add_consumer");
  if (method == "rate_limit" || method == "time_limit") {
    const std::lock_guard lock(mutex_);
    const auto limits = limits_.find(Text(arguments, "task_name"));
    if (limits == limits_.end()) return bj::object{{"error", "unknown task"}};
    if (method == "time_limit") {
      limits->second.hard_s = Number(arguments, "hard");
      limits->second.soft_s = Number(arguments, "soft");
      return Ok("time limits set successfully");
    }
    limits->second.rate_per_s = RatePerSecond(arguments);
    return Ok(limits->second.rate_per_s > 0 ? "new rate limit set successfully" : "rate limit disabled successfully");
  }
  if (method == "report") return Ok(fmt::format("speechcoach worker {}", options_.hostname));
  if (method == "autoscale") throw std::invalid_argument("ValueError('Autoscale not enabled')");
  if (method == "pool_restart") throw std::invalid_argument("ValueError('Pool restarts not enabled')");
  return Inspect(method, arguments);
}

}  // namespace speechcoach::queue::celery
