#include "watch.h"

#include <map>
#include <string>

namespace speechcoach::app {
namespace {

std::string StateName(llm::CircuitBreaker::State state) {
  switch (state) {
    case llm::CircuitBreaker::State::kClosed:
      return "closed";
    case llm::CircuitBreaker::State::kOpen:
      return "open";
    case llm::CircuitBreaker::State::kHalfOpen:
      return "half_open";
  }
  return "closed";
}

// Active providers with a key or without need of one, and the circuit as this process knows it: closed where it never asked.
void ReadCircuits(const std::vector<storage::LlmProvider>& providers, const std::map<std::int64_t, metrics::KeysReading>& keys,
                  const llm::ChatChain& chain, metrics::Reading& reading) {
  std::map<std::string, std::string> states;
  for (const llm::ProviderHealth& health : chain.Health()) states[health.name] = StateName(health.circuit);
  for (const storage::LlmProvider& provider : providers) {
    if (!provider.is_active || (provider.needs_key && !keys.contains(provider.id))) continue;
    const auto state = states.find(provider.name);
    reading.llm_circuits.push_back({provider.name, state == states.end() ? "closed" : state->second});
  }
}

void ReadLlm(llm::LlmService& llm, std::int64_t now_ms, metrics::Reading& reading) {
  const llm::CacheStatistics cache = llm.cache_statistics();
  reading.llm_cache = {cache.hits, cache.shared, cache.misses};
  const auto providers = llm.repository().Providers();
  const auto keys = llm.repository().Keys();
  reading.database_up = providers.ok() && keys.ok();
  if (!*reading.database_up) return;
  std::map<std::int64_t, metrics::KeysReading> by_provider;
  for (const storage::LlmKey& key : *keys) {
    metrics::KeysReading& of = by_provider[key.provider_id];
    if (!key.is_active) {
      ++of.off;
    } else if (key.rate_limit_reset_at_ms && *key.rate_limit_reset_at_ms > now_ms) {
      ++of.resting;
    } else {
      ++of.active;
    }
  }
  ReadCircuits(*providers, by_provider, llm.chain(), reading);
  for (const storage::LlmProvider& provider : *providers) {
    const auto of = by_provider.find(provider.id);
    if (of == by_provider.end()) continue;
    of->second.provider = provider.name;
    reading.llm_keys.push_back(of->second);
  }
}

void ReadJobs(storage::ScheduleRepository& schedule, metrics::Reading& reading) {
  const auto runs = schedule.Runs();
  if (!runs.ok()) return;
  for (const storage::ScheduledRun& run : *runs) {
    metrics::JobReading& of = reading.jobs.emplace_back();
    of.job = run.job;
    // One that was interrupted has no beginning any more.
    if (run.began_at_ms > 0) of.began_at_s = static_cast<double>(run.began_at_ms) / 1000.0;
    if (run.last_success_at_ms) of.last_success_at_s = static_cast<double>(*run.last_success_at_ms) / 1000.0;
    of.last_duration_s = static_cast<double>(run.last_duration_ms) / 1000.0;
    of.succeeded = run.runs - run.failures;
    of.failed = run.failures;
  }
}

}  // namespace

void WatchParts(const base::Config& config, SharedParts& parts) {
  parts.metrics.OnRead(
      [&parts, limit = config.pipeline.max_queued, budget_usd = config.llm.daily_budget_usd](metrics::Reading& reading) {
        reading.queue_waiting = parts.queue->Waiting();
        reading.queue_limit = limit;
        reading.tasks_waiting = parts.queue->WaitingByQueue();
        reading.llm_daily_budget_usd = budget_usd;
        ReadLlm(*parts.llm, parts.clock.NowMs(), reading);
        ReadJobs(parts.database->schedule(), reading);
      });
}

std::function<base::Status()> Readiness(SharedParts& parts) {
  return [&database = *parts.database]() -> base::Status {
    const auto migrations = database.MigrationStatus();
    return migrations.ok() ? base::Status() : base::Status(migrations.error());
  };
}

std::function<base::Status()> WorkReadiness(SharedParts& parts) {
  return [of_database = Readiness(parts), &broker = *parts.redis]() -> base::Status {
    if (const base::Status ready = of_database(); !ready.ok()) return ready;
    const auto answer = broker.Run(redis::Command{"PING"});
    return answer.ok() ? base::Status() : base::Status(answer.error());
  };
}

}  // namespace speechcoach::app
