#include "watch.h"

#include <map>
#include <string>

namespace speechcoach::app {
namespace {

std::string StateName(llm::CircuitBreaker::State state) {
  switch (state) {
    case llm::CircuitBreaker::State::kClosed: return "closed";
    case llm::CircuitBreaker::State::kOpen: return "open";
    case llm::CircuitBreaker::State::kHalfOpen: return "half_open";
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

}  // namespace

void WatchWorld(const base::Config& config, ServiceWorld& world) {
  world.metrics.OnRead([&world, limit = config.pipeline.max_queued, budget_usd = config.llm.daily_budget_usd](metrics::Reading& reading) {
    reading.queue_waiting = world.queue->Waiting();
    reading.queue_limit = limit;
    reading.llm_daily_budget_usd = budget_usd;
    ReadLlm(*world.llm, world.clock.NowMs(), reading);
  });
}

std::function<base::Status()> Readiness(ServiceWorld& world) {
  return [&database = *world.database]() -> base::Status {
    const auto migrations = database.MigrationStatus();
    return migrations.ok() ? base::Status() : base::Status(migrations.error());
  };
}

}  // namespace speechcoach::app
