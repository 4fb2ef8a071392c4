#include "queue/celery/celery_job_queue.h"

#include <array>
#include <utility>

#include <unistd.h>

#include "queue/celery/names.h"
#include "queue/celery/producer.h"
#include "queue/celery/worker.h"

namespace speechcoach::queue {
namespace {

namespace bj = boost::json;

constexpr const char* kTaskPrefix = "speechcoach.session.";
constexpr const char* kAnalyse = "analyse";
constexpr std::chrono::milliseconds kFirstPause{500};
constexpr std::chrono::milliseconds kLongestPause{30'000};

Job JobFrom(const celery::TaskMessage& message) {
  Job job;
  job.kind = message.task.substr(std::string_view(kTaskPrefix).size());
  const bj::value* session = message.kwargs.if_contains("session_id");
  if (session != nullptr && session->is_string()) job.session_id = std::string(session->get_string());
  job.attempt = message.retries + message.deliveries + 1;
  return job;
}

class CeleryJobQueue final : public JobQueue {
 public:
  CeleryJobQueue(const base::Config& config, redis::Client& client, CeleryJobOptions options)
      : config_(config), client_(client), options_(std::move(options)), producer_(client) {}

  base::Status Enqueue(const Job& job) override {
    if (Waiting() >= config_.pipeline.max_queued) return {base::ErrorCode::kBusy, "too many jobs wait"};
    celery::TaskMessage message;
    message.task = kTaskPrefix + job.kind;
    message.kwargs = {{"session_id", job.session_id}, {"attempt", job.attempt}};
    message.ignore_result = true;
    const auto sent = producer_.Send(std::move(message), options_.queue);
    return sent.ok() ? base::Status() : base::Status(sent.error());
  }

  base::Status Start(JobHandler handler, std::function<void(const Job&)> give_up) override {
    if (options_.concurrency == 0) return {};
    if (worker_) return {base::ErrorCode::kWrongState, "the queue was started before"};
    celery::Task task;
    task.handler = [handler = std::move(handler)](const celery::TaskContext& context) -> celery::Outcome {
      const JobOutcome outcome = handler(JobFrom(context.message), context.stop);
      if (outcome == JobOutcome::kDone) return celery::Success{nullptr};
      if (context.stop.stop_requested()) return celery::Interrupted{};
      return celery::Retry{"not done yet", {}};
    };
    task.options.max_retries = config_.pipeline.max_attempts - 1;
    task.options.max_deliveries = config_.pipeline.max_attempts;
    task.options.first_pause = kFirstPause;
    task.options.longest_pause = kLongestPause;
    task.options.on_failure = [give_up = std::move(give_up)](const celery::TaskMessage& message, const celery::Failure&) {
      give_up(JobFrom(message));
    };

    celery::WorkerOptions worker;
    worker.hostname = options_.hostname;
    worker.queues = {options_.queue};
    worker.concurrency = options_.concurrency;
    worker.visibility_timeout = std::chrono::seconds(config_.broker.visibility_timeout_s);
    worker.result_expires_s = config_.broker.result_expires_s;
    worker.on_shutdown = options_.on_shutdown;
    worker_ = std::make_unique<celery::Worker>(client_.options(), worker,
                                               celery::Registry{{std::string(kTaskPrefix) + kAnalyse, task}});
    return worker_->Start();
  }

  void Stop(std::chrono::milliseconds grace) override {
    if (!worker_) return;
    worker_->Stop(grace);
    worker_.reset();
  }

  int Waiting() const override {
    std::vector<redis::Command> commands;
    for (const int step : celery::kPrioritySteps) commands.push_back({"LLEN", celery::QueueKey(options_.queue, step)});
    const auto lengths = client_.Run(commands);
    if (!lengths.ok()) return 0;  // Enqueue says what is wrong
    std::int64_t waiting = 0;
    for (const redis::Reply& length : *lengths) waiting += length.integer;
    return static_cast<int>(waiting);
  }

 private:
  const base::Config config_;
  redis::Client& client_;
  const CeleryJobOptions options_;
  celery::Producer producer_;
  std::unique_ptr<celery::Worker> worker_;
};

}  // namespace

std::unique_ptr<JobQueue> MakeCeleryJobQueue(const base::Config& config, redis::Client& client, CeleryJobOptions options) {
  return std::make_unique<CeleryJobQueue>(config, client, std::move(options));
}

std::string DefaultWorkerName() {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  return std::string("speechcoach@") + host.data();
}

}  // namespace speechcoach::queue
