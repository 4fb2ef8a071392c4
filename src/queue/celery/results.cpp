#include "queue/celery/results.h"

#include "base/clock.h"
#include "queue/celery/iso_time.h"
#include "queue/celery/names.h"

namespace speechcoach::queue::celery {
namespace {

namespace bj = boost::json;

std::optional<TaskResult> FinalResult(std::string_view meta) {
  boost::system::error_code fault;
  const bj::value parsed = bj::parse(meta, fault);
  if (fault || !parsed.is_object()) return std::nullopt;
  const bj::object& object = parsed.get_object();
  const bj::value* status = object.if_contains("status");
  if (status == nullptr || !status->is_string()) return std::nullopt;
  TaskResult result;
  result.status = std::string(status->get_string());
  if (result.status == "PENDING" || result.status == "STARTED" || result.status == "RETRY" || result.status == "RECEIVED")
    return std::nullopt;
  if (const bj::value* value = object.if_contains("result")) result.result = *value;
  if (const bj::value* children = object.if_contains("children")) result.children = *children;
  return result;
}

}  // namespace

bj::object ExceptionValue(const Failure& failure) {
  return {{"exc_type", failure.type}, {"exc_message", bj::array{failure.message}}, {"exc_module", failure.module}};
}

std::string ResultMeta(const TaskMessage& message, std::string_view status, bj::value result) {
  const bool is_failure = status == "FAILURE" || status == "RETRY" || status == "REVOKED";
  bj::object meta{{"status", status},
                  {"result", std::move(result)},
                  {"traceback", is_failure ? bj::value("") : bj::value(nullptr)},
                  {"children", bj::array()},
                  {"date_done", FormatIsoTime(base::SystemClock().NowMs())},
                  {"task_id", message.id}};
  if (!message.parent_id.empty()) meta["parent_id"] = message.parent_id;
  if (!message.group.empty()) meta["group_id"] = message.group;
  return bj::serialize(meta);
}

base::Result<std::optional<TaskResult>> WaitForResult(const redis::Options& options, const std::string& task_id,
                                                      std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  const std::string key = ResultKey(task_id);
  auto listening = redis::Connection::Open(options);
  if (!listening.ok()) return listening.error();
  if (const base::Status asked = (*listening)->Send({"SUBSCRIBE", key}); !asked.ok()) return asked.error();
  // Looked up only once the channel stands: a result that comes in between is heard.
  redis::Client client(options, {.connections = 1});
  bool is_looked_up = false;
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return std::optional<TaskResult>();
    auto heard = (*listening)->Read(left);
    if (!heard.ok()) return heard.error();
    if (!*heard) return std::optional<TaskResult>();
    if (!is_looked_up) {
      is_looked_up = true;
      const auto stored = client.Run(redis::Command{"GET", key});
      if (!stored.ok()) return stored.error();
      if (auto result = FinalResult(stored->text)) return result;
    } else if ((*heard)->items.size() == 3) {
      if (auto result = FinalResult((*heard)->items[2].text)) return result;
    }
  }
}

}  // namespace speechcoach::queue::celery
