#include "queue/celery/settling.h"

#include <fmt/format.h>

#include "base/clock.h"
#include "base/log.h"
#include "queue/celery/dead_letters.h"
#include "queue/celery/names.h"
#include "queue/celery/python_repr.h"
#include "queue/celery/results.h"
#include "queue/celery/scripts.h"

namespace speechcoach::queue::celery {
namespace {

namespace bj = boost::json;

std::string OptionOf(const bj::value& signature, std::string_view name) {
  const bj::object* object = signature.if_object();
  const bj::value* options = object == nullptr ? nullptr : object->if_contains("options");
  if (options == nullptr || !options->is_object()) return {};
  const bj::value* value = options->get_object().if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::string ExceptionRepr(const Failure& failure) { return failure.type + "(" + PythonRepr(bj::value(failure.message)) + ")"; }

bool IsFailure(std::string_view status) { return status == "FAILURE" || status == "REVOKED"; }

}  // namespace

StoredResult Settler::Stored(const TaskMessage& message, std::string_view status, bj::value result) const {
  if (message.ignore_result) return {ResultKey(message.id), "", 0};
  return {ResultKey(message.id), ResultMeta(message, status, std::move(result)), result_expires_s_};
}

// Signatures each of which is called with `prefix`; a broken one must not keep the task from being done.
void Settler::Call(const bj::value& signatures, const bj::array& prefix, const TaskMessage& message,
                   std::vector<redis::Command>& then) const {
  if (!signatures.is_array()) return;
  const Applied where{message.root_id.empty() ? message.id : message.root_id, message.id, origin_, result_expires_s_};
  for (const bj::value& signature : signatures.get_array()) {
    auto sending = Apply(signature, prefix, where, route_);
    if (!sending.ok()) {
      base::Log(base::LogLevel::kError, "callback not sent",
                {{"task", message.task}, {"id", message.id}, {"reason", sending.error().message}});
      continue;
    }
    then.insert(then.end(), sending->commands.begin(), sending->commands.end());
  }
}

// Whoever waits for a later part of the chain, or for the chord's body, hears of the failure too.
void Settler::FailOthers(const bj::value& signature, const Failure& failure, std::vector<redis::Command>& then) const {
  const std::string id = OptionOf(signature, "task_id");
  if (id.empty()) return;
  TaskMessage other;
  other.id = id;
  const std::string meta = ResultMeta(other, "FAILURE", ExceptionValue(failure));
  then.push_back({"SETEX", ResultKey(id), std::to_string(result_expires_s_), meta});
  then.push_back({"PUBLISH", ResultKey(id), meta});
}

base::Status Settler::CountChordPart(const TaskMessage& message, std::string_view status, const bj::value& result,
                                     std::vector<redis::Command>& then) const {
  if (message.chord.is_null() || message.group.empty()) return {};
  static const redis::Script script(kChordPartScript);
  const std::vector<std::string> keys{GroupKey(message.group, ".j"), GroupKey(message.group, ".t"),
                                      GroupKey(message.group, ".s")};
  const std::string part = bj::serialize(bj::array{1, message.id, status, result});
  const std::string place = message.group_index ? std::to_string(*message.group_index) : "+inf";
  const auto parts = client_.Run(script, keys, {part, place, std::to_string(result_expires_s_)});
  if (!parts.ok()) return parts.error();
  if (parts->items.empty()) return {};

  bj::array results;
  std::optional<Failure> broken;
  for (const redis::Reply& item : parts->items) {
    boost::system::error_code fault;
    const bj::value parsed = bj::parse(item.text, fault);
    if (fault || !parsed.is_array() || parsed.get_array().size() != 4) continue;
    const bj::array& fields = parsed.get_array();
    if (fields[2].is_string() && IsFailure(fields[2].get_string()) && !broken) {
      std::string type = "Exception";
      std::string text;
      if (const bj::object* exception = fields[3].if_object()) {
        if (const bj::value* name = exception->if_contains("exc_type"); name != nullptr && name->is_string())
          type = std::string(name->get_string());
        if (const bj::value* words = exception->if_contains("exc_message");
            words != nullptr && words->is_array() && !words->get_array().empty())
          text = PythonRepr(words->get_array()[0]);
      }
      broken = Failure{"ChordError", fmt::format("Dependency {} raised {}({})", PythonRepr(fields[1]), type, text),
                       "celery.exceptions"};
    }
    results.push_back(fields[3]);
  }
  if (broken) {
    FailOthers(message.chord, *broken, then);
    const bj::object* body = message.chord.if_object();
    const bj::value* options = body == nullptr ? nullptr : body->if_contains("options");
    const bj::value* errbacks =
        options == nullptr || !options->is_object() ? nullptr : options->get_object().if_contains("link_error");
    if (errbacks != nullptr)
      Call(errbacks->is_array() ? *errbacks : bj::array{*errbacks}, {OptionOf(message.chord, "task_id")}, message, then);
  } else {
    bj::array argument;
    argument.push_back(std::move(results));
    Call(bj::array{message.chord}, argument, message, then);
  }
  then.push_back({"DEL", keys[0], keys[1], keys[2]});
  return {};
}

base::Result<Settlement> Settler::Succeeded(const TaskMessage& message, const bj::value& result, double runtime_s) const {
  Settlement settlement{Stored(message, "SUCCESS", result),
                        {},
                        "task-succeeded",
                        {{"uuid", message.id}, {"result", PythonRepr(result)}, {"runtime", runtime_s}}};
  if (const base::Status counted = CountChordPart(message, "SUCCESS", result, settlement.then); !counted.ok())
    return counted.error();
  Call(message.callbacks, {result}, message, settlement.then);
  if (const bj::array* chain = message.chain.if_array(); chain != nullptr && !chain->empty()) {
    bj::array rest(chain->begin(), chain->end() - 1);
    const Applied where{message.root_id.empty() ? message.id : message.root_id, message.id, origin_, result_expires_s_};
    auto sending = Apply(chain->back(), {result}, where, route_, rest.empty() ? bj::value(nullptr) : bj::value(std::move(rest)));
    if (!sending.ok())
      return Failed(message, message.routing_key, {"TypeError", "the next of the chain: " + sending.error().message}, "");
    settlement.then.insert(settlement.then.end(), sending->commands.begin(), sending->commands.end());
  }
  return settlement;
}

Settlement Settler::Retried(const TaskMessage& message, const std::string& queue, const std::string& reason, std::int64_t eta_ms,
                            bool is_counted) const {
  TaskMessage again = message;
  ++(is_counted ? again.retries : again.waits);
  again.eta_ms = eta_ms;
  again.parent_id = message.id;
  again.redelivered = false;
  again.delivery_tag.clear();
  const Failure why{"Retry", reason, "celery.exceptions"};
  return {Stored(message, "RETRY", ExceptionValue(why)),
          {Broker::SendCommand(again, queue)},
          "task-retried",
          {{"uuid", message.id}, {"exception", ExceptionRepr(why)}, {"traceback", ""}}};
}

base::Result<Settlement> Settler::Failed(const TaskMessage& message, const std::string& queue, const Failure& failure,
                                         const std::string& payload) const {
  Settlement settlement{Stored(message, "FAILURE", ExceptionValue(failure)),
                        {},
                        "task-failed",
                        {{"uuid", message.id}, {"exception", ExceptionRepr(failure)}, {"traceback", ""}}};
  if (const base::Status counted = CountChordPart(message, "FAILURE", ExceptionValue(failure), settlement.then); !counted.ok())
    return counted.error();
  Call(message.errbacks, {message.id}, message, settlement.then);
  if (const bj::array* chain = message.chain.if_array()) {
    for (const bj::value& later : *chain) FailOthers(later, failure, settlement.then);
  }
  if (!payload.empty()) {
    const double now_s = static_cast<double>(base::SystemClock().NowMs()) / 1000.0;
    for (redis::Command& command : BuryCommands({message.id, message.task, queue, ExceptionRepr(failure), now_s, payload}))
      settlement.then.push_back(std::move(command));
  }
  return settlement;
}

Settlement Settler::Revoked(const TaskMessage& message, bool is_terminated, bool is_expired) const {
  const Failure why{"TaskRevokedError", is_expired ? "expired" : is_terminated ? "terminated" : "revoked", "celery.exceptions"};
  return {Stored(message, "REVOKED", ExceptionValue(why)),
          {},
          "task-revoked",
          {{"uuid", message.id},
           {"terminated", is_terminated},
           {"signum", is_terminated ? bj::value("15") : bj::value(nullptr)},
           {"expired", is_expired}}};
}

}  // namespace speechcoach::queue::celery
