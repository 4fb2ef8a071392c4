#include "alerts/rules.h"

#include <algorithm>

#include <fmt/format.h>

namespace speechcoach::alerts {
namespace {

// Shares of fewer events say nothing.
constexpr std::int64_t kFewestCalls = 5;
constexpr std::int64_t kFewestAnswers = 20;
constexpr std::int64_t kFewestSessions = 10;

constexpr double kFailingShare = 0.5;
constexpr double kFallbackShare = 0.05;
constexpr double kFailedSessionShare = 0.02;
constexpr double kDegradedShare = 0.2;
constexpr int kBacklog = 100;
constexpr double kQueueFullShare = 0.9;

double Share(std::int64_t part, std::int64_t whole) { return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole); }

bool IsDown(const ProviderSituation& provider) {
  return !provider.has_usable_key || (provider.calls > 0 && provider.failures == provider.calls);
}

void JudgeProviders(const Situation& now, std::vector<Alert>& alerts) {
  if (!now.providers.empty() && std::ranges::all_of(now.providers, IsDown)) {
    alerts.push_back({"AllProvidersDown", "", Severity::kCritical, "No language model answers; the rules write all advice"});
  }
  for (const ProviderSituation& provider : now.providers) {
    if (!provider.has_usable_key) {
      alerts.push_back({"NoUsableKey", provider.name, Severity::kHigh, fmt::format("Every key of {} is off or rests", provider.name)});
    }
    const double share = Share(provider.failures, provider.calls);
    if (provider.calls < kFewestCalls || share <= kFailingShare) continue;
    const bool is_primary = &provider == &now.providers.front();
    alerts.push_back({is_primary ? "PrimaryProviderFailing" : "ProviderFailing", is_primary ? "" : provider.name,
                      is_primary ? Severity::kHigh : Severity::kMedium, fmt::format("{} fails for {:.0f}% of calls", provider.name, share * 100)});
  }
  if (const double share = Share(now.fallback_answers, now.answers); now.answers >= kFewestAnswers && share > kFallbackShare) {
    alerts.push_back({"FallbackRateHigh", "", Severity::kMedium, fmt::format("{:.0f}% of answers come from a fallback (objective: below 5%)", share * 100)});
  }
  if (now.daily_budget_usd > 0 && now.spent_today_usd > now.daily_budget_usd) {
    alerts.push_back({"DailyCostOverBudget", "", Severity::kLow,
                      fmt::format("Language models cost {:.2f} dollars today, more than the budget of {:.2f}", now.spent_today_usd, now.daily_budget_usd)});
  }
}

void JudgeWork(const Situation& now, std::vector<Alert>& alerts) {
  if (now.queue_waiting > kBacklog) {
    alerts.push_back({"QueueBacklog", "", Severity::kMedium, fmt::format("{} recordings wait for their analysis", now.queue_waiting)});
  }
  if (const double share = Share(now.queue_waiting, now.queue_limit); share > kQueueFullShare) {
    alerts.push_back({"QueueNearlyFull", "", Severity::kHigh,
                      fmt::format("The queue is {:.0f}% full; learners are about to be told \"busy\"", share * 100)});
  }
  if (now.sessions_ended >= kFewestSessions) {
    if (const double share = Share(now.sessions_failed_by_us, now.sessions_ended); share > kFailedSessionShare) {
      alerts.push_back({"AnalysesFailing", "", Severity::kHigh, fmt::format("{:.0f}% of sessions fail by our own fault", share * 100)});
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
    case Severity::kCritical: return "critical";
    case Severity::kHigh: return "high";
    case Severity::kMedium: return "medium";
    case Severity::kLow: return "low";
  }
  return "medium";
}

std::vector<Alert> Evaluate(const Situation& situation) {
  std::vector<Alert> alerts;
  JudgeProviders(situation, alerts);
  JudgeWork(situation, alerts);
  std::ranges::sort(alerts, {}, [](const Alert& alert) { return std::pair(alert.name, alert.subject); });
  return alerts;
}

}  // namespace speechcoach::alerts
