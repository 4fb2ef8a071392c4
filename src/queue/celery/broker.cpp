#include "queue/celery/broker.h"

#include <boost/json.hpp>

#include "queue/celery/names.h"
#include "queue/celery/scripts.h"

namespace speechcoach::queue::celery {
namespace {

namespace bj = boost::json;

base::Status Ignored(const base::Result<redis::Reply>& reply) {
  return reply.ok() ? base::Status() : base::Status(reply.error());
}

}  // namespace

base::Status Broker::Declare(const std::string& queue) {
  const std::string member = queue + std::string(kSeparator) + std::string(kSeparator) + queue;
  const auto added = client_.Run(std::vector<redis::Command>{{"SADD", "_kombu.binding." + queue, member},
                                                             {"SADD", "_kombu.binding_permanent." + queue, member}});
  return added.ok() ? base::Status() : base::Status(added.error());
}

redis::Command Broker::SendCommand(const TaskMessage& message, const std::string& queue) {
  return {"LPUSH", QueueKey(queue, message.priority), WriteTask(message)};
}

base::Status Broker::Send(const TaskMessage& message, const std::string& queue) {
  return Ignored(client_.Run(SendCommand(message, queue)));
}

base::Result<std::vector<Delivery>> Broker::Fetch(redis::Connection& connection, const std::string& worker,
                                                  const std::vector<std::string>& queue_keys, int wanted) {
  static const redis::Script script(kFetchScript);
  std::vector<std::string> keys{kUnacked, kUnackedIndex, HeldKey(worker), kDead, kDeadIndex};
  keys.insert(keys.end(), queue_keys.begin(), queue_keys.end());
  auto reply = redis::RunScript(connection, script, keys, {std::to_string(wanted)});
  if (!reply.ok()) return reply.error();
  if (reply->is_error()) return redis::ErrorFrom(*reply);
  std::vector<Delivery> deliveries;
  for (std::size_t i = 0; i + 2 < reply->items.size(); i += 3) {
    deliveries.push_back(
        {std::move(reply->items[i].text), std::move(reply->items[i + 1].text), std::move(reply->items[i + 2].text)});
  }
  return deliveries;
}

base::Result<bool> Broker::Finish(const std::string& worker, const std::string& tag, const StoredResult& result,
                                  const std::vector<redis::Command>& then) {
  static const redis::Script script(kFinishScript);
  std::vector<std::string> arguments{tag, result.meta, std::to_string(result.expires_s)};
  for (const redis::Command& command : then) {
    arguments.push_back(std::to_string(command.size()));
    arguments.insert(arguments.end(), command.begin(), command.end());
  }
  const auto reply = client_.Run(script, {kUnacked, kUnackedIndex, HeldKey(worker), result.key}, arguments);
  if (!reply.ok()) return reply.error();
  return reply->integer == 1;
}

base::Result<std::string> Broker::QueueFor(const std::string& exchange, const std::string& routing_key) {
  if (exchange.empty()) return routing_key;
  const auto bindings = client_.Run(redis::Command{"SMEMBERS", "_kombu.binding." + exchange});
  if (!bindings.ok()) return bindings.error();
  const std::string begin = routing_key + std::string(kSeparator);
  for (const redis::Reply& binding : bindings->items) {
    if (binding.text.starts_with(begin)) return binding.text.substr(binding.text.rfind(kSeparator) + kSeparator.size());
  }
  return routing_key;
}

base::Result<bool> Broker::Restore(const std::string& worker, const std::string& tag, bool lost) {
  static const redis::Script script(kRestoreScript);
  const auto entry = client_.Run(redis::Command{"HGET", kUnacked, tag});
  if (!entry.ok()) return entry.error();
  std::string queue_key = "unreadable";
  std::string payload = entry->text;
  boost::system::error_code fault;
  bj::value parsed = entry->is_text() ? bj::parse(entry->text, fault) : bj::value();
  if (parsed.is_array() && parsed.get_array().size() == 3 && parsed.get_array()[0].is_object()) {
    // Changed in place: what this program does not know of the message stays as it was.
    bj::object& message = parsed.get_array()[0].get_object();
    int priority = 0;
    if (bj::value* headers = message.if_contains("headers"); headers != nullptr && headers->is_object()) {
      headers->get_object()["redelivered"] = true;
      if (lost) {
        bj::value& deliveries = headers->get_object()["speechcoach-deliveries"];
        deliveries = deliveries.is_int64() ? deliveries.get_int64() + 1 : 1;
      }
    }
    if (bj::value* properties = message.if_contains("properties"); properties != nullptr && properties->is_object()) {
      const bj::value* stored = properties->get_object().if_contains("priority");
      if (stored != nullptr && stored->is_int64()) priority = static_cast<int>(stored->get_int64());
      if (bj::value* info = properties->get_object().if_contains("delivery_info"); info != nullptr && info->is_object())
        info->get_object()["redelivered"] = true;
    }
    const auto text_at = [&](std::size_t i) {
      const bj::value& item = parsed.get_array()[i];
      return item.is_string() ? std::string(item.get_string()) : std::string();
    };
    const auto queue = QueueFor(text_at(1), text_at(2));
    if (!queue.ok()) return queue.error();
    queue_key = QueueKey(*queue, priority);
    payload = bj::serialize(message);
  }
  const auto restored = client_.Run(script, {kUnacked, kUnackedIndex, HeldKey(worker), queue_key}, {tag, payload});
  if (!restored.ok()) return restored.error();
  return restored->integer == 1;
}

base::Status Broker::StayAlive(const std::string& worker, std::chrono::seconds alive_for, const std::vector<std::string>& tags) {
  static const redis::Script script(kAliveScript);
  std::vector<std::string> arguments{worker, std::to_string(alive_for.count())};
  arguments.insert(arguments.end(), tags.begin(), tags.end());
  return Ignored(client_.Run(script, {kWorkers, kUnackedIndex}, arguments));
}

base::Result<std::vector<std::string>> Broker::Held(const std::string& worker) {
  auto reply = client_.Run(redis::Command{"SMEMBERS", HeldKey(worker)});
  if (!reply.ok()) return reply.error();
  std::vector<std::string> tags;
  for (redis::Reply& item : reply->items) tags.push_back(std::move(item.text));
  return tags;
}

base::Result<int> Broker::RestoreLost(std::chrono::seconds visibility_timeout) {
  static const redis::Script lost_script(kLostScript);
  static const redis::Script forget_script(kForgetScript);
  const auto lost = client_.Run(lost_script, {kWorkers, kUnackedIndex}, {std::to_string(visibility_timeout.count())});
  if (!lost.ok()) return lost.error();
  int restored = 0;
  const auto restore = [&](const std::string& worker, const std::string& tag) -> base::Status {
    const auto done = Restore(worker, tag, true);
    if (!done.ok()) return done.error();
    restored += *done ? 1 : 0;
    return {};
  };
  for (const redis::Reply& worker : lost->items[0].items) {
    const auto tags = Held(worker.text);
    if (!tags.ok()) return tags.error();
    for (const std::string& tag : *tags) {
      if (const base::Status done = restore(worker.text, tag); !done.ok()) return done.error();
    }
    const auto forgotten = client_.Run(forget_script, {kWorkers, HeldKey(worker.text)}, {worker.text});
    if (!forgotten.ok()) return forgotten.error();
  }
  for (const redis::Reply& tag : lost->items[1].items) {
    if (const base::Status done = restore("nobody", tag.text); !done.ok()) return done.error();
  }
  return restored;
}

base::Status Broker::Leave(const std::string& worker) {
  const auto left = client_.Run(std::vector<redis::Command>{{"ZREM", kWorkers, worker}, {"DEL", HeldKey(worker)}});
  return left.ok() ? base::Status() : base::Status(left.error());
}

}  // namespace speechcoach::queue::celery
