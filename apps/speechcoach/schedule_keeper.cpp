#include "schedule_keeper.h"

#include <chrono>
#include <utility>

#include <unistd.h>

#include <fmt/format.h>

#include "queue/celery/celery_job_queue.h"
#include "schedule/beat_tasks.h"

namespace speechcoach::app {
namespace {

// How long nobody keeps the schedule after its keeper was killed.
constexpr std::chrono::milliseconds kLeadTtl{10'000};
constexpr std::chrono::milliseconds kBetweenLooks{500};

}  // namespace

ScheduleKeeper::ScheduleKeeper(SharedParts& parts, const schedule::JobRunner& runner)
    : leadership_(parts.redis ? schedule::MakeRedisLeadership(*parts.redis, kLeadTtl) : schedule::MakeSoleLeadership()),
      beat_(
          runner.jobs(), *leadership_, parts.database->schedule(), parts.clock,
          parts.redis ? schedule::SendBeatTasks(*parts.redis)
                      : [this](const schedule::Call& call) { return here_->Start(call); }) {
  if (!parts.redis) here_.emplace(runner);
}

void ScheduleKeeper::Start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { beat_.Run(stop, kBetweenLooks); });
}

void ScheduleKeeper::RequestStop() {
  thread_.request_stop();
  if (here_) here_->RequestStop();
}

void ScheduleKeeper::Stop() {
  RequestStop();
  thread_ = {};
  here_.reset();
}

std::unique_ptr<queue::celery::Worker> MakeBeatWorker(const base::Config& config, const std::string& hostname,
                                                      const redis::Client& client, const schedule::JobRunner& runner,
                                                      std::function<void()> on_shutdown) {
  queue::celery::WorkerOptions options;
  options.hostname = hostname;
  options.queues = {schedule::kBeatQueue};
  options.concurrency = static_cast<int>(runner.jobs().size());
  options.visibility_timeout = std::chrono::seconds(config.broker.visibility_timeout_s);
  options.result_expires_s = config.broker.result_expires_s;
  options.on_shutdown = std::move(on_shutdown);
  return std::make_unique<queue::celery::Worker>(client.options(), options,
                                                 schedule::BeatTasks(runner, config.pipeline.max_attempts));
}

std::string BeatWorkerName() {
  const std::string name = queue::DefaultWorkerName();
  return fmt::format("beat-{}{}", ::getpid(), name.substr(name.find('@')));
}

}  // namespace speechcoach::app
