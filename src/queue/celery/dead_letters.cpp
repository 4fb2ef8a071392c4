#include "queue/celery/dead_letters.h"

#include <boost/json.hpp>

#include "queue/celery/broker.h"
#include "queue/celery/names.h"

namespace speechcoach::queue::celery {
namespace {

namespace bj = boost::json;

constexpr int kMostKept = 10'000;

// KEYS: dead, its index, queue's list; ARGV: id, message
constexpr const char* kReplayScript = R"lua(
if redis.call('HDEL', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('LPUSH', KEYS[3], ARGV[2])
return 1
)lua";

// KEYS: dead, its index; ARGV: how many stay
constexpr const char* kTrimScript = R"lua(
for _, id in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1 - ARGV[1])) do
  redis.call('HDEL', KEYS[1], id)
  redis.call('ZREM', KEYS[2], id)
end
)lua";

DeadLetter Read(const std::string& id, const std::string& text) {
  boost::system::error_code fault;
  const bj::value parsed = bj::parse(text, fault);
  DeadLetter letter{.id = id};
  if (fault || !parsed.is_object()) return letter;
  const bj::object& object = parsed.get_object();
  const auto text_of = [&](std::string_view key) {
    const bj::value* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
  };
  letter.task = text_of("task");
  letter.queue = text_of("queue");
  letter.reason = text_of("reason");
  letter.message = text_of("message");
  if (const bj::value* died = object.if_contains("died_at"); died != nullptr && died->is_number())
    letter.died_at_s = died->to_number<double>();
  return letter;
}

}  // namespace

std::vector<redis::Command> BuryCommands(const DeadLetter& letter) {
  const std::string text = bj::serialize(bj::object{{"task", letter.task},
                                                    {"queue", letter.queue},
                                                    {"reason", letter.reason},
                                                    {"died_at", letter.died_at_s},
                                                    {"message", letter.message}});
  return {{"HSET", kDead, letter.id, text}, {"ZADD", kDeadIndex, std::to_string(letter.died_at_s), letter.id}};
}

base::Result<std::vector<DeadLetter>> DeadLetters::List(int limit) {
  const auto ids = client_.Run(redis::Command{"ZREVRANGE", kDeadIndex, "0", std::to_string(limit - 1)});
  if (!ids.ok()) return ids.error();
  std::vector<DeadLetter> letters;
  for (const redis::Reply& id : ids->items) {
    auto letter = Get(id.text);
    if (letter.ok()) {
      letters.push_back(std::move(*letter));
    } else if (letter.error().code != base::ErrorCode::kNotFound) {
      return letter.error();
    }
  }
  return letters;
}

base::Result<DeadLetter> DeadLetters::Get(const std::string& id) {
  const auto text = client_.Run(redis::Command{"HGET", kDead, id});
  if (!text.ok()) return text.error();
  if (!text->is_text()) return {base::ErrorCode::kNotFound, "no such dead letter"};
  return Read(id, text->text);
}

base::Status DeadLetters::Replay(const std::string& id) {
  const auto letter = Get(id);
  if (!letter.ok()) return letter.error();
  auto message = ParseTask(letter->message);
  if (!message.ok()) return message.error();
  message->retries = 0;
  message->deliveries = 0;
  message->waits = 0;
  message->redelivered = false;
  message->eta_ms.reset();
  message->expires_ms.reset();
  static const redis::Script script(kReplayScript);
  const auto replayed =
      client_.Run(script, {kDead, kDeadIndex, QueueKey(letter->queue, message->priority)}, {id, WriteTask(*message)});
  if (!replayed.ok()) return replayed.error();
  return replayed->integer == 1 ? base::Status() : base::Status(base::ErrorCode::kNotFound, "no such dead letter");
}

base::Status DeadLetters::Remove(const std::string& id) {
  const auto removed = client_.Run(std::vector<redis::Command>{{"HDEL", kDead, id}, {"ZREM", kDeadIndex, id}});
  if (!removed.ok()) return removed.error();
  return removed->front().integer == 1 ? base::Status() : base::Status(base::ErrorCode::kNotFound, "no such dead letter");
}

base::Status DeadLetters::Trim() {
  static const redis::Script script(kTrimScript);
  const auto trimmed = client_.Run(script, {kDead, kDeadIndex}, {std::to_string(kMostKept)});
  return trimmed.ok() ? base::Status() : base::Status(trimmed.error());
}

}  // namespace speechcoach::queue::celery
