// What is wrong with an installation, from figures. Limits are those of deploy/prometheus/alerts.yml where both know an alert.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/llm_repository.h"
#include "storage/schedule_repository.h"

namespace speechcoach::alerts {

// A language model that is in use: active, and with a key where it needs one.
struct ProviderSituation {
  std::string name = {};
  bool has_usable_key = true;  // false: every key is off, rests, or has used up its limit
  // Within kProviderWindow; calls that were withdrawn or declined are not among them.
  std::int64_t calls = 0;
  std::int64_t failures = 0;
};

struct Situation {
  std::vector<ProviderSituation> providers = {};  // as they are asked
  std::int64_t answers = 0;                       // of language models, within kFallbackWindow
  std::int64_t fallback_answers = 0;              // those that came from another than the first
  double spent_today_usd = 0;
  double daily_budget_usd = 0;  // 0: none
  int queue_waiting = 0;
  int queue_limit = 0;
  std::int64_t longest_queue = 0;   // of a broker's, one for each stage; without a broker as queue_waiting
  std::int64_t sessions_ended = 0;  // within kSessionWindow
  std::int64_t sessions_failed_by_us = 0;
  std::int64_t sessions_degraded = 0;
  std::vector<std::string> failing_jobs = {};  // of the schedule, whose last run failed
};

inline constexpr std::int64_t kProviderWindowMs = 10 * 60'000;
inline constexpr std::int64_t kFallbackWindowMs = 60 * 60'000;
inline constexpr std::int64_t kSessionWindowMs = 30 * 60'000;
inline constexpr std::int64_t kFailedJobWindowMs = 3 * 60 * 60'000;

enum class Severity { kCritical, kHigh, kMedium, kLow };
std::string SeverityName(Severity severity);

struct Alert {
  std::string name = {};     // also the name of its page under docs/runbooks
  std::string subject = {};  // what it is about where there are several of the name; otherwise empty
  Severity severity = Severity::kMedium;
  std::string summary = {};  // a sentence for operators, in English
};

// So long an alert of the name must be true without a break before anybody is told, as `for` in alerts.yml: what is true for a moment, such
// as a key that rests, is nobody's business.
std::chrono::seconds HoldOf(std::string_view name);

// Whether a call could be made with the key now: it is on, does not rest, and has not used up its day or its month.
bool IsUsable(const storage::LlmKey& key, std::int64_t now_ms);

// Whether somebody should see to a job: its last run failed, and it is on, or was so lately that it may have been turned off for that.
bool IsFailing(const storage::ScheduledRun& last, bool is_on, std::int64_t now_ms);

// What is true now, by name and subject.
std::vector<Alert> Evaluate(const Situation& situation);

}  // namespace speechcoach::alerts
