#include "queue/celery/canvas.h"

#include <stdexcept>
#include <utility>

#include "base/clock.h"
#include "base/id.h"
#include "base/trace_context.h"
#include "queue/celery/broker.h"
#include "queue/celery/iso_time.h"
#include "queue/celery/json_fields.h"
#include "queue/celery/names.h"

namespace speechcoach::queue::celery {
namespace {

namespace bj = boost::json;

bj::object Signature(std::string task, bj::array args, bj::object kwargs, bj::object options, bj::value kind) {
  return {{"task", std::move(task)},       {"args", std::move(args)},         {"kwargs", std::move(kwargs)},
          {"options", std::move(options)}, {"subtask_type", std::move(kind)}, {"immutable", false}};
}

bj::value ListOf(const bj::object& object, std::string_view key) {
  const bj::value* value = Find(object, key);
  if (value == nullptr) return nullptr;
  return value->is_array() ? *value : bj::array{*value};
}

// A group's tasks come as a list, or as a signature of the group.
bj::array TasksOf(const bj::value& value) {
  if (value.is_array()) return value.get_array();
  return value.as_object().at("kwargs").as_object().at("tasks").as_array();
}

// What a signature takes over from where it stands.
struct Place {
  bj::value chain = nullptr;
  bj::value chord = nullptr;
  std::string group = {};
  std::optional<int> group_index = {};
};

// How many parts of a chord's header will report.
int PartsOf(const bj::value& signature) {
  const bj::object& object = signature.as_object();
  const std::string task = Text(object, "task");
  const bj::value* kwargs = object.if_contains("kwargs");
  if (task == "celery.chain") return PartsOf(kwargs->as_object().at("tasks").as_array().back());
  if (task == "celery.chord") return PartsOf(kwargs->as_object().at("body"));
  if (task != "celery.group") return 1;
  int parts = 0;
  for (const bj::value& item : TasksOf(signature)) parts += PartsOf(item);
  return parts;
}

// Throws std::exception where something is no signature.
class Sender {
 public:
  Sender(const Applied& where, const Route& route, Sending& sending) : where_(where), route_(route), sending_(sending) {}

  // The id of the task whose result is the signature's.
  std::string Send(const bj::value& signature, const bj::array& prefix, const Place& place) {
    const bj::object& object = signature.as_object();
    const std::string task = Text(object, "task");
    if (task.empty()) throw std::invalid_argument("a signature without a task");
    if (task == "celery.chain") return SendChain(object, prefix, place);
    if (task == "celery.group") return SendGroup(object, prefix, place);
    if (task == "celery.chord") return SendChord(object, prefix, place);
    return SendTask(task, object, prefix, place);
  }

 private:
  std::string SendTask(const std::string& task, const bj::object& signature, const bj::array& prefix, const Place& place) {
    const bj::value* found = Find(signature, "options");
    const bj::object options = found == nullptr ? bj::object() : found->as_object();
    const bj::value* immutable = Find(signature, "immutable");
    TaskMessage message;
    message.task = task;
    message.id = Text(options, "task_id");
    if (message.id.empty()) message.id = base::NewUuid();
    if (immutable == nullptr || !immutable->as_bool()) message.args = prefix;
    if (const bj::value* args = Find(signature, "args"))
      message.args.insert(message.args.end(), args->as_array().begin(), args->as_array().end());
    if (const bj::value* kwargs = Find(signature, "kwargs")) message.kwargs = kwargs->as_object();
    message.root_id = where_.root_id.empty() ? (root_id_.empty() ? message.id : root_id_) : where_.root_id;
    root_id_ = message.root_id;
    message.parent_id = where_.parent_id;
    message.origin = where_.origin;
    message.traceparent = base::FormatTraceparent(base::CurrentTrace());
    message.callbacks = ListOf(options, "link");
    message.errbacks = ListOf(options, "link_error");
    message.reply_to = Text(options, "reply_to");
    message.priority = static_cast<int>(Number(options, "priority").value_or(0));
    message.hard_limit_s = Number(options, "time_limit");
    message.soft_limit_s = Number(options, "soft_time_limit");
    const bj::value* ignored = Find(options, "ignore_result");
    message.ignore_result = ignored != nullptr && ignored->is_bool() && ignored->get_bool();
    const std::int64_t now_ms = base::SystemClock().NowMs();
    if (const auto countdown_s = Number(options, "countdown"))
      message.eta_ms = now_ms + static_cast<std::int64_t>(*countdown_s * 1000);
    if (const std::string eta = Text(options, "eta"); !eta.empty()) message.eta_ms = ParseIsoTime(eta);
    if (const auto expires_s = Number(options, "expires"))
      message.expires_ms = now_ms + static_cast<std::int64_t>(*expires_s * 1000);
    if (const std::string expires = Text(options, "expires"); !expires.empty()) message.expires_ms = ParseIsoTime(expires);

    message.group = place.group.empty() ? Text(options, "group_id") : place.group;
    message.group_index = place.group_index;
    if (!message.group_index && Number(options, "group_index"))
      message.group_index = static_cast<int>(*Number(options, "group_index"));
    message.chord = place.chord.is_null() && Find(options, "chord") != nullptr ? *Find(options, "chord") : place.chord;
    bj::value own_chain = ListOf(options, "chain");
    message.chain = own_chain.is_null() ? place.chain : own_chain;

    std::string queue = Text(options, "queue");
    if (queue.empty()) queue = route_(task);
    message.routing_key = queue;
    sending_.commands.push_back(Broker::SendCommand(message, queue));
    return message.id;
  }

  std::string SendChain(const bj::object& signature, const bj::array& prefix, const Place& place) {
    const bj::array& tasks = signature.at("kwargs").as_object().at("tasks").as_array();
    if (tasks.empty()) throw std::invalid_argument("an empty chain");
    if (tasks.size() == 1) return Send(tasks.front(), prefix, place);
    // What belongs to the place of the whole belongs to its last task; what follows the whole, follows that.
    bj::object last = tasks.back().as_object();
    bj::object& options = last["options"].is_object() ? last["options"].get_object() : last["options"].emplace_object();
    std::string id = Text(options, "task_id");
    if (id.empty()) options["task_id"] = id = base::NewUuid();
    if (!place.group.empty()) options["group_id"] = place.group;
    if (place.group_index) options["group_index"] = *place.group_index;
    if (!place.chord.is_null()) options["chord"] = place.chord;
    bj::array rest;
    if (place.chain.is_array()) rest = place.chain.get_array();
    rest.push_back(std::move(last));
    for (std::size_t i = tasks.size() - 1; i-- > 1;) rest.push_back(tasks[i]);
    Send(tasks.front(), prefix, {.chain = std::move(rest)});
    return id;
  }

  std::string SendGroup(const bj::object& signature, const bj::array& prefix, const Place& place) {
    const bj::array tasks = TasksOf(bj::value(signature));
    const std::string group = place.group.empty() ? base::NewUuid() : place.group;
    int index = 0;
    for (const bj::value& task : tasks)
      Send(task, prefix, {.chain = nullptr, .chord = place.chord, .group = group, .group_index = index++});
    return group;
  }

  std::string SendChord(const bj::object& signature, const bj::array& prefix, const Place& place) {
    const bj::object& kwargs = signature.at("kwargs").as_object();
    const bj::array header = TasksOf(kwargs.at("header"));
    bj::object body = kwargs.at("body").as_object();
    bj::object& options = body["options"].is_object() ? body["options"].get_object() : body["options"].emplace_object();
    // A body may come with an id; a chord that is applied again, in a group say, must not share it.
    std::string id = Text(options, "task_id");
    if (id.empty()) options["task_id"] = id = base::NewUuid();
    if (!place.group.empty()) options["group_id"] = place.group;
    if (place.group_index) options["group_index"] = *place.group_index;
    if (!place.chord.is_null()) options["chord"] = place.chord;
    if (!place.chain.is_null()) options["chain"] = place.chain;
    options["root_id"] = where_.root_id.empty() ? bj::value(nullptr) : bj::value(where_.root_id);

    const std::string group = base::NewUuid();
    int parts = 0;
    for (const bj::value& task : header) parts += PartsOf(task);
    sending_.commands.push_back({"SETEX", GroupKey(group, ".s"), std::to_string(where_.result_expires_s), std::to_string(parts)});
    if (header.empty()) {
      Send(body, {bj::array()}, {});
      return id;
    }
    int index = 0;
    for (const bj::value& task : header)
      Send(task, prefix, {.chain = nullptr, .chord = body, .group = group, .group_index = index++});
    return id;
  }

  const Applied& where_;
  const Route& route_;
  Sending& sending_;
  std::string root_id_;
};

}  // namespace

bj::object TaskSignature(std::string task, bj::array args, bj::object kwargs, bj::object options) {
  return Signature(std::move(task), std::move(args), std::move(kwargs), std::move(options), nullptr);
}
bj::object ChainSignature(bj::array tasks) { return Signature("celery.chain", {}, {{"tasks", std::move(tasks)}}, {}, "chain"); }
bj::object GroupSignature(bj::array tasks) { return Signature("celery.group", {}, {{"tasks", std::move(tasks)}}, {}, "group"); }
bj::object ChordSignature(bj::array header, bj::object body) {
  return Signature("celery.chord", {}, {{"header", std::move(header)}, {"body", std::move(body)}}, {}, "chord");
}

base::Result<Sending> Apply(const bj::value& signature, const bj::array& prefix, const Applied& where, const Route& route,
                            const bj::value& chain) {
  try {
    Sending sending;
    sending.id = Sender(where, route, sending).Send(signature, prefix, {.chain = chain});
    return sending;
  } catch (const std::exception& fault) {
    return {base::ErrorCode::kUnknownType, std::string("not a signature: ") + fault.what()};
  }
}

}  // namespace speechcoach::queue::celery
