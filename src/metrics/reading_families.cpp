#include "metrics/reading_families.h"

#include <array>
#include <deque>
#include <utility>

namespace speechcoach::metrics {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr std::array<const char*, 3> kCircuitStates{"closed", "half_open", "open"};

using Labels = std::vector<ClientMetric::Label>;

void Add(MetricFamily& family, Labels labels, double value) {
  ClientMetric metric;
  metric.label = std::move(labels);
  if (family.type == MetricType::Counter) metric.counter.value = value;
  if (family.type == MetricType::Gauge) metric.gauge.value = value;
  family.metric.push_back(std::move(metric));
}

// All families, those without a value too.
std::deque<MetricFamily> AllFamilies(const Reading& reading, const ProcessFigures& process) {
  std::deque<MetricFamily> families;
  const auto family = [&](const char* name, const char* help, MetricType type) -> MetricFamily& {
    return families.emplace_back(MetricFamily{name, help, type, {}});
  };
  const auto value = [&](const char* name, const char* help, MetricType type, const auto& number) {
    MetricFamily& made = family(name, help, type);
    if (number) Add(made, {}, static_cast<double>(*number));
  };
  const auto gauge = [&](const char* name, const char* help, const auto& number) {
    value(name, help, MetricType::Gauge, number);
  };

  gauge("speechcoach_websocket_connections", "WebSocket connections open now.", reading.web_socket_connections);
  gauge("speechcoach_queue_waiting", "Recordings that wait for their analysis.", reading.queue_waiting);
  gauge("speechcoach_queue_limit", "How many may wait before new ones are answered busy.", reading.queue_limit);
  MetricFamily& waiting =
      family("speechcoach_queue_tasks_waiting", "Tasks that wait for a worker, by queue of the broker.", MetricType::Gauge);
  for (const auto& [queue, tasks] : reading.tasks_waiting) Add(waiting, {{"queue", queue}}, static_cast<double>(tasks));
  gauge("speechcoach_database_up", "Whether the database answered while the metrics were read.", reading.database_up);
  gauge("speechcoach_llm_daily_budget_dollars", "What a day's calls may cost; 0: no budget is set.",
        reading.llm_daily_budget_usd);

  MetricFamily& cache =
      family("speechcoach_llm_cache_lookups_total", "Questions to the cache of answers, by result.", MetricType::Counter);
  if (reading.llm_cache) {
    Add(cache, {{"result", "hit"}}, static_cast<double>(reading.llm_cache->hits));
    Add(cache, {{"result", "shared"}}, static_cast<double>(reading.llm_cache->shared));
    Add(cache, {{"result", "miss"}}, static_cast<double>(reading.llm_cache->misses));
  }
  MetricFamily& circuits = family("speechcoach_llm_circuit",
                                  "1 for the state a provider's circuit breaker is in, 0 for the others.", MetricType::Gauge);
  for (const CircuitReading& circuit : reading.llm_circuits)
    for (const char* state : kCircuitStates)
      Add(circuits, {{"provider", circuit.provider}, {"state", state}}, circuit.state == state ? 1 : 0);
  MetricFamily& keys = family("speechcoach_llm_keys", "Keys of a provider, by state.", MetricType::Gauge);
  for (const KeysReading& of : reading.llm_keys) {
    Add(keys, {{"provider", of.provider}, {"state", "active"}}, of.active);
    Add(keys, {{"provider", of.provider}, {"state", "resting"}}, of.resting);
    Add(keys, {{"provider", of.provider}, {"state", "off"}}, of.off);
  }

  gauge("speechcoach_beat_leader", "Whether this process keeps the schedule.", reading.keeps_schedule);
  const auto of_jobs = [&](const char* name, const char* help, const auto& figure) {
    MetricFamily& made = family(name, help, MetricType::Gauge);
    for (const JobReading& job : reading.jobs)
      if (const std::optional<double> number = figure(job)) Add(made, {{"job_name", job.job}}, *number);
  };
  of_jobs("speechcoach_job_last_run_timestamp_seconds", "When a scheduled job last began.",
          [](const JobReading& job) { return job.began_at_s; });
  of_jobs("speechcoach_job_last_success_timestamp_seconds", "When a scheduled job last succeeded.",
          [](const JobReading& job) { return job.last_success_at_s; });
  of_jobs("speechcoach_job_last_duration_seconds", "What a scheduled job's last run took.",
          [](const JobReading& job) { return std::optional(job.last_duration_s); });
  MetricFamily& runs = family("speechcoach_job_runs_total", "Runs of scheduled jobs, by outcome.", MetricType::Counter);
  for (const JobReading& job : reading.jobs) {
    Add(runs, {{"job_name", job.job}, {"outcome", "succeeded"}}, static_cast<double>(job.succeeded));
    Add(runs, {{"job_name", job.job}, {"outcome", "failed"}}, static_cast<double>(job.failed));
  }

  value("process_cpu_seconds_total", "CPU time of the process, user and system.", MetricType::Counter, process.cpu_s);
  gauge("process_resident_memory_bytes", "Memory of the process that is in RAM.", process.resident_bytes);
  gauge("process_start_time_seconds", "When the process started, in seconds since the epoch.", process.started_at_s);
  gauge("process_open_fds", "Open file descriptors.", process.open_descriptors);
  gauge("process_max_fds", "How many there may be.", process.max_descriptors);
  gauge("process_threads", "Threads of the process.", process.threads);
  return families;
}

}  // namespace

std::vector<MetricFamily> FamiliesOf(const Reading& reading, const ProcessFigures& process) {
  std::vector<MetricFamily> families;
  for (auto all = AllFamilies(reading, process); MetricFamily & family : all)
    if (!family.metric.empty()) families.push_back(std::move(family));
  return families;
}

std::vector<std::string> ReadingNames() {
  std::vector<std::string> names;
  for (const MetricFamily& family : AllFamilies({}, {})) names.push_back(family.name);
  return names;
}

}  // namespace speechcoach::metrics
