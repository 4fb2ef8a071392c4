// What is read when somebody asks for the metrics, instead of being counted on the way. Absent fields are not told.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace speechcoach::metrics {

struct CircuitReading {
  std::string provider;
  std::string state;  // closed, half_open, open
};

struct KeysReading {
  std::string provider;
  int active = 0;
  int resting = 0;  // until its limit is over
  int off = 0;
};

struct CacheReading {
  std::int64_t hits = 0;
  std::int64_t shared = 0;
  std::int64_t misses = 0;
};

// The last run of what is done from time to time.
struct JobReading {
  std::string job;
  std::optional<double> began_at_s = {};  // seconds since the epoch
  std::optional<double> last_success_at_s = {};
  double last_duration_s = 0;
  std::int64_t succeeded = 0;  // runs
  std::int64_t failed = 0;
};

struct Reading {
  std::optional<int> web_socket_connections = {};
  std::optional<int> queue_waiting = {};
  std::optional<int> queue_limit = {};
  std::map<std::string, std::int64_t> tasks_waiting = {};  // by queue of the broker
  std::optional<bool> database_up = {};
  std::optional<double> llm_daily_budget_usd = {};
  std::optional<CacheReading> llm_cache = {};
  std::vector<CircuitReading> llm_circuits = {};
  std::vector<KeysReading> llm_keys = {};
  std::optional<bool> keeps_schedule = {};
  std::vector<JobReading> jobs = {};
};

}  // namespace speechcoach::metrics
