#include "alerts/rules.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/clock.h"

namespace speechcoach::alerts {
namespace {

// Shares of fewer events say nothing.
constexpr std::int64_t kFewestCalls = 5;
constexpr std::int64_t kFewestFailures = 3;  // of a provider that fails altogether
constexpr std::int64_t kFewestAnswers = 20;
constexpr std::int64_t kFewestSessions = 10;

constexpr double kFailingShare = 0.5;
constexpr double kFallbackShare = 0.05;
constexpr double kFailedSessionShare = 0.02;
constexpr double kDegradedShare = 0.2;
constexpr int kBacklog = 100;
constexpr double kQueueFullShare = 0.9;

constexpr double kPicoUsd = 1e12;
// Of "2026-11-23T..." so many letters name the day, and so many the month.
constexpr std::size_t kDayLength = 10;
constexpr std::size_t kMonthLength = 7;

double Share(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

bool IsDown(const ProviderSituation& provider) {
  return !provider.has_usable_key || (provider.calls >= kFewestFailures && provider.failures == provider.calls);
}

void JudgeProviders(const Situation& now, std::vector<Alert>& alerts) {
  if (!now.providers.empty() && std::ranges::all_of(now.providers, IsDown)) {
    alerts.push_back({"AllProvidersDown", "", Severity::kCritical, "No language model answers; the rules write all advice"});
  }
  for (const ProviderSituation& provider : now.providers) {
    if (!provider.has_usable_key) {
      alerts.push_back({"NoUsableKey", provider.name, Severity::kHigh,
                        fmt::format("Every key of {} is off, rests or has used up its limit", provider.name)});
    }
    const double share = Share(provider.failures, provider.calls);
    if (provider.calls < kFewestCalls || share <= kFailingShare) continue;
    const bool is_primary = &provider == &now.providers.front();
    alerts.push_back({is_primary ? "PrimaryProviderFailing" : "ProviderFailing", is_primary ? "" : provider.name,
                      is_primary ? Severity::kHigh : Severity::kMedium,
                      fmt::format("{} fails for {:.0f}% of calls", provider.name, share * 100)});
  }
  if (const double share = Share(now.fallback_answers, now.answers); now.answers >= kFewestAnswers && share > kFallbackShare) {
    alerts.push_back({"FallbackRateHigh", "", Severity::kMedium,
                      fmt::format("{:.0f}% of answers come from a fallback (objective: below 5%)", share * 100)});
  }
  if (now.daily_budget_usd > 0 && now.spent_today_usd > now.daily_budget_usd) {
    alerts.push_back({"DailyCostOverBudget", "", Severity::kLow,
                      fmt::format("Language models cost {:.2f} dollars today, more than the budget of {:.2f}",
                                  now.spent_today_usd, now.daily_budget_usd)});
  }
}

void JudgeWork(const Situation& now, std::vector<Alert>& alerts) {
  if (now.longest_queue > kBacklog) {
    alerts.push_back(
        {"QueueBacklog", "", Severity::kMedium, fmt::format("{} recordings wait for their analysis", now.longest_queue)});
  }
  if (const double share = Share(now.queue_waiting, now.queue_limit); share > kQueueFullShare) {
    alerts.push_back({"QueueNearlyFull", "", Severity::kHigh,
                      fmt::format("The queue is {:.0f}% full; learners are about to be told \"busy\"", share * 100)});
  }
  if (now.sessions_ended >= kFewestSessions) {
    if (const double share = Share(now.sessions_failed_by_us, now.sessions_ended); share > kFailedSessionShare) {
      alerts.push_back(
          {"AnalysesFailing", "", Severity::kHigh, fmt::format("{:.0f}% of sessions fail by our own fault", share * 100)});
    }
    if (const double share = Share(now.sessions_degraded, now.sessions_ended); share > kDegradedShare) {
      alerts.push_back({"DegradedShareHigh", "", Severity::kMedium,
                        fmt::format("{:.0f}% of sessions end with something simpler in place of a stage", share * 100)});
    }
  }
  for (const std::string& job : now.failing_jobs) {
    alerts.push_back({"JobFailing", job, Severity::kMedium, fmt::format("The scheduled job {} has failed", job)});
  }
}

}  // namespace

std::string SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kCritical:
      return "critical";
    case Severity::kHigh:
      return "high";
    case Severity::kMedium:
      return "medium";
    case Severity::kLow:
      return "low";
  }
  return "medium";
}

std::chrono::seconds HoldOf(std::string_view name) {
  using std::chrono::minutes;
  constexpr std::array<std::pair<std::string_view, minutes>, 9> kHolds{{{"AllProvidersDown", minutes(2)},
                                                                        {"PrimaryProviderFailing", minutes(5)},
                                                                        {"ProviderFailing", minutes(10)},
                                                                        {"FallbackRateHigh", minutes(30)},
                                                                        {"NoUsableKey", minutes(5)},
                                                                        {"QueueBacklog", minutes(5)},
                                                                        {"QueueNearlyFull", minutes(1)},
                                                                        {"AnalysesFailing", minutes(5)},
                                                                        {"DegradedShareHigh", minutes(15)}}};
  const auto hold = std::ranges::find(kHolds, name, &std::pair<std::string_view, minutes>::first);
  return hold == kHolds.end() ? minutes(0) : hold->second;
}

bool IsUsable(const storage::LlmKey& key, std::int64_t now_ms) {
  if (!key.is_active || key.rate_limit_reset_at_ms.value_or(0) > now_ms) return false;
  // What is counted is of the day and the month of the last call.
  const std::string now = base::FormatRfc3339(now_ms);
  const std::string last = base::FormatRfc3339(key.last_used_at_ms.value_or(0));
  const int requests = last.substr(0, kDayLength) == now.substr(0, kDayLength) ? key.day_requests : 0;
  const std::int64_t cost_picousd = last.substr(0, kMonthLength) == now.substr(0, kMonthLength) ? key.month_cost_picousd : 0;
  return (!key.daily_request_limit || requests < *key.daily_request_limit) &&
         (!key.monthly_budget_usd || static_cast<double>(cost_picousd) < *key.monthly_budget_usd * kPicoUsd);
}

bool IsFailing(const storage::ScheduledRun& last, bool is_on, std::int64_t now_ms) {
  // One that was interrupted counts as begun at the beginning of time.
  const bool has_failed = last.ended_at_ms && !last.succeeded && last.began_at_ms > 0;
  return has_failed && (is_on || now_ms - last.began_at_ms < kFailedJobWindowMs);
}

std::vector<Alert> Evaluate(const Situation& situation) {
  std::vector<Alert> alerts;
  JudgeProviders(situation, alerts);
  JudgeWork(situation, alerts);
  std::ranges::sort(alerts, {}, [](const Alert& alert) { return std::pair(alert.name, alert.subject); });
  return alerts;
}

}  // namespace speechcoach::alerts
