#include "queue/celery/celery_job_queue.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <unistd.h>

#include "queue/celery/names.h"
#include "queue/celery/producer.h"
#include "queue/celery/worker.h"

namespace speechcoach::queue {
namespace {

namespace bj = boost::json;

constexpr std::chrono::milliseconds kFirstPause{500};
constexpr std::chrono::milliseconds kLongestPause{30'000};

Job JobFrom(const std::string& kind, const celery::TaskMessage& message) {
  Job job;
  job.kind = kind;
  const bj::value* session = message.kwargs.if_contains("session_id");
  if (session != nullptr && session->is_string()) job.session_id = std::string(session->get_string());
  const bj::value* before = message.kwargs.if_contains("attempt");
  const int sent_as = before != nullptr && before->is_int64() ? static_cast<int>(before->get_int64()) : 0;
  job.attempt = sent_as + message.retries + message.deliveries + message.waits + 1;
  return job;
}

class CeleryJobQueue final : public JobQueue {
 public:
  CeleryJobQueue(const base::Config& config, redis::Client& client, CeleryJobOptions options)
      : config_(config), client_(client), options_(std::move(options)), producer_(client) {}

  base::Status Enqueue(const Job& job) override {
    const auto route = std::ranges::find(options_.routes, job.kind, &JobRoute::kind);
    if (route == options_.routes.end()) return {base::ErrorCode::kInternal, "no queue takes jobs of the kind " + job.kind};
    // What is begun goes on, however much waits.
    const bool is_new_work = route == options_.routes.begin();
    if (is_new_work && Waiting() >= config_.pipeline.max_queued) return {base::ErrorCode::kBusy, "too many jobs wait"};
    celery::TaskMessage message;
    message.task = route->task;
    message.kwargs = {{"session_id", job.session_id}, {"attempt", job.attempt}};
    message.ignore_result = true;
    const auto sent = producer_.Send(std::move(message), route->queue);
    return sent.ok() ? base::Status() : base::Status(sent.error());
  }

  base::Status Start(JobHandler handler, GiveUpHandler give_up) override {
    if (options_.slots.empty()) return {};
    if (worker_) return {base::ErrorCode::kWrongState, "the queue was started before"};
    celery::Registry registry;
    for (const JobRoute& route : options_.routes) registry[route.task] = TaskOf(route.kind, handler, give_up);

    celery::WorkerOptions worker;
    worker.hostname = options_.hostname;
    worker.concurrency = 0;
    for (const auto& [queue, slots] : options_.slots) {
      worker.queues.push_back(queue);
      worker.concurrency += slots;
    }
    worker.slots = options_.slots;
    worker.visibility_timeout = std::chrono::seconds(config_.broker.visibility_timeout_s);
    worker.result_expires_s = config_.broker.result_expires_s;
    worker.on_shutdown = options_.on_shutdown;
    worker_ = std::make_unique<celery::Worker>(client_.options(), worker, std::move(registry));
    return worker_->Start();
  }

  void Stop(std::chrono::milliseconds grace) override {
    if (!worker_) return;
    worker_->Stop(grace);
    worker_.reset();
  }

  int Waiting() const override {
    const std::string& of_new_work = options_.routes.front().queue;
    const auto waiting = WaitingIn({of_new_work});
    return waiting.empty() ? 0 : static_cast<int>(waiting.at(of_new_work));  // Enqueue says what is wrong
  }

  std::map<std::string, std::int64_t> WaitingByQueue() const override {
    std::set<std::string> queues;
    for (const JobRoute& route : options_.routes) queues.insert(route.queue);
    return WaitingIn(queues);
  }

 private:
  // Each queue is a list for every priority.
  std::map<std::string, std::int64_t> WaitingIn(const std::set<std::string>& queues) const {
    std::vector<redis::Command> commands;
    for (const std::string& queue : queues)
      for (const int step : celery::kPrioritySteps) commands.push_back({"LLEN", celery::QueueKey(queue, step)});
    const auto lengths = client_.Run(commands);
    if (!lengths.ok()) return {};
    std::map<std::string, std::int64_t> waiting;
    auto length = lengths->begin();
    for (const std::string& queue : queues)
      for (std::size_t list = 0; list < celery::kPrioritySteps.size(); ++list) waiting[queue] += (length++)->integer;
    return waiting;
  }

  celery::Task TaskOf(const std::string& kind, const JobHandler& handler, const GiveUpHandler& give_up) const {
    celery::Task task;
    task.handler = [kind, handler](const celery::TaskContext& context) -> celery::Outcome {
      const JobOutcome outcome = handler(JobFrom(kind, context.message), context.stop);
      if (outcome == JobOutcome::kDone) return celery::Success{nullptr};
      if (context.stop.stop_requested()) return celery::Interrupted{};
      if (outcome == JobOutcome::kStoreAway) return celery::Retry{"a store is away", {}, false};
      return celery::Retry{"not done yet", {}};
    };
    task.options.max_retries = config_.pipeline.max_attempts - 1;
    task.options.max_deliveries = config_.pipeline.max_attempts;
    task.options.first_pause = kFirstPause;
    task.options.longest_pause = kLongestPause;
    task.options.on_failure = [kind, give_up](const celery::TaskMessage& message, const celery::Failure&) {
      return give_up(JobFrom(kind, message)) == JobOutcome::kDone;
    };
    return task;
  }

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
