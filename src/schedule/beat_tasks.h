// Jobs as Celery tasks: "speechcoach.beat.NAME" on the queue "beat", with {due_ms, fence}. Whoever sends one, this program's beat or
// Python's, has the job run by any process that works on that queue.
#pragma once

#include <cstdint>
#include <memory>

#include "queue/celery/task.h"
#include "redis/client.h"
#include "schedule/beat.h"
#include "schedule/job_runner.h"

namespace speechcoach::schedule {

inline constexpr const char* kBeatQueue = "beat";

// Sends the task; it expires before the beat asks again. `client` outlives it.
Dispatch SendBeatTasks(redis::Client& client);

// A task without due_ms is a run for the moment at which it begins. A job that fails is a failed task; it is not tried again: the beat does
// that. One that `max_deliveries` workers died with is given up. `runner` outlives it.
queue::celery::Registry BeatTasks(const JobRunner& runner, int max_deliveries);

}  // namespace speechcoach::schedule
