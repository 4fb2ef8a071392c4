#include "schedule/beat_tasks.h"

#include <chrono>
#include <string>
#include <utility>

#include "queue/celery/producer.h"

namespace speechcoach::schedule {
namespace {

namespace celery = queue::celery;

constexpr const char* kTaskPrefix = "speechcoach.beat.";

std::optional<std::int64_t> Integer(const boost::json::object& kwargs, const char* name) {
  const boost::json::value* value = kwargs.if_contains(name);
  if (value == nullptr || !value->is_int64()) return std::nullopt;
  return value->get_int64();
}

celery::Outcome RunTask(const JobRunner& runner, const std::string& job, const celery::TaskContext& context) {
  const boost::json::object& kwargs = context.message.kwargs;
  const auto ran = runner.Run({job, Integer(kwargs, "due_ms"), Integer(kwargs, "fence").value_or(0)}, context.stop);
  if (ran.ok()) return celery::Success{boost::json::value(*ran ? "done" : "nothing to do")};
  if (ran.error().code == base::ErrorCode::kCancelled) return celery::Interrupted{};
  return celery::Failure{.type = "RuntimeError", .message = ran.error().message, .module = "builtins"};
}

}  // namespace

Dispatch SendBeatTasks(redis::Client& client) {
  return [producer = std::make_shared<celery::Producer>(client)](const Call& call) -> base::Status {
    celery::TaskMessage message;
    message.task = kTaskPrefix + call.job;
    if (call.due_at_ms) message.kwargs["due_ms"] = *call.due_at_ms;
    message.kwargs["fence"] = call.fence;
    message.ignore_result = true;
    const auto now = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    message.expires_ms = now.time_since_epoch().count() + kAskAgain.count();
    const auto sent = producer->Send(std::move(message), kBeatQueue);
    return sent.ok() ? base::Status() : base::Status(sent.error());
  };
}

celery::Registry BeatTasks(const JobRunner& runner, int max_deliveries) {
  celery::Registry tasks;
  for (const Job& job : runner.jobs()) {
    celery::Task& task = tasks[kTaskPrefix + job.name];
    task.handler = [&runner, name = job.name](const celery::TaskContext& context) { return RunTask(runner, name, context); };
    task.options.max_retries = 0;
    task.options.max_deliveries = max_deliveries;
  }
  return tasks;
}

}  // namespace speechcoach::schedule
