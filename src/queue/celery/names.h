// The names that Celery and kombu give their keys and channels in Redis, and the ones we add.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace speechcoach::queue::celery {

inline constexpr std::string_view kSeparator = "\x06\x16";
inline constexpr std::array<int, 4> kPrioritySteps{0, 3, 6, 9};  // 0 is served first

inline constexpr const char* kUnacked = "unacked";             // HASH delivery tag -> [message, exchange, routing key]
inline constexpr const char* kUnackedIndex = "unacked_index";  // ZSET delivery tag -> when it was taken, seconds

// Ours. Celery's own workers neither read nor need them.
inline constexpr const char* kWorkers = "speechcoach.workers";       // ZSET worker -> until when it counts as alive, seconds
inline constexpr const char* kDead = "speechcoach.dead";             // HASH task id -> dead letter
inline constexpr const char* kDeadIndex = "speechcoach.dead.index";  // ZSET task id -> when it died, seconds

inline std::string HeldKey(std::string_view worker) { return "speechcoach.held." + std::string(worker); }  // SET of delivery tags

// The list of a queue for one priority, 0..9; a priority between two steps counts as the lower one.
inline std::string QueueKey(std::string_view queue, int priority) {
  int step = 0;
  for (const int candidate : kPrioritySteps) {
    if (candidate <= priority) step = candidate;
  }
  std::string key(queue);
  if (step != 0) key.append(kSeparator).append(std::to_string(step));
  return key;
}

inline std::string ResultKey(std::string_view task_id) { return "celery-task-meta-" + std::string(task_id); }
inline std::string GroupKey(std::string_view group_id, std::string_view part) {
  return "celery-taskset-meta-" + std::string(group_id) + std::string(part);
}

}  // namespace speechcoach::queue::celery
