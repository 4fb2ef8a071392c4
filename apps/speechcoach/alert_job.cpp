#include "alert_job.h"

#include <algorithm>
#include <utility>

#include "llm/http/http_client.h"

namespace speechcoach::app {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr double kPicoUsd = 1e12;

std::unique_ptr<alerts::Notifier> MakeWebhook(const base::AlertsConfig& config) {
  return config.webhook_url.empty() ? nullptr : alerts::MakeWebhook({config.webhook_url, config.webhook_token});
}

std::unique_ptr<alerts::Notifier> MakeMail(const base::AlertsConfig& config) {
  if (config.smtp_url.empty()) return nullptr;
  return alerts::MakeMail({config.smtp_url, config.smtp_user, config.smtp_password, config.mail_from, config.mail_to});
}

// Those in use, as they are asked.
base::Result<std::vector<alerts::ProviderSituation>> LookAtProviders(SharedParts& parts, bool local_only, std::int64_t now_ms) {
  const auto providers = parts.database->llm().Providers();
  if (!providers.ok()) return providers.error();
  const auto keys = parts.database->llm().Keys();
  if (!keys.ok()) return keys.error();
  const auto outcomes = parts.database->alerts().Providers(now_ms - alerts::kProviderWindowMs);
  if (!outcomes.ok()) return outcomes.error();
  std::vector<alerts::ProviderSituation> in_use;
  for (const storage::LlmProvider& provider : *providers) {
    const auto is_its = [&](const storage::LlmKey& key) { return key.provider_id == provider.id; };
    const auto is_usable = [&](const storage::LlmKey& key) { return is_its(key) && alerts::IsUsable(key, now_ms); };
    const bool has_key = !provider.needs_key || std::ranges::any_of(*keys, is_its);
    if (!provider.is_active || !has_key || (local_only && !llm::IsOnThisMachine(provider.base_url))) continue;
    alerts::ProviderSituation& of = in_use.emplace_back();
    of.name = provider.name;
    of.has_usable_key = !provider.needs_key || std::ranges::any_of(*keys, is_usable);
    if (const auto row = std::ranges::find(*outcomes, provider.name, &storage::ProviderOutcomes::provider);
        row != outcomes->end()) {
      of.calls = row->calls;
      of.failures = row->calls - row->successes;
    }
  }
  return in_use;
}

}  // namespace

AlertJob::AlertJob(const base::Config& config, SharedParts& parts, std::vector<schedule::Job> watched)
    : config_(config),
      parts_(parts),
      watched_(std::move(watched)),
      webhook_(MakeWebhook(config.alerts)),
      mail_(MakeMail(config.alerts)),
      book_({std::chrono::seconds(config.alerts.resolve_after_s), std::chrono::hours(config.alerts.repeat_after_h),
             config.alerts.hold_percent},
            parts.database->alerts(), webhook_.get(), mail_.get(), parts.clock) {}

// Not where only another version knows the job.
bool AlertJob::IsOn(const std::string& job, std::int64_t now_ms) const {
  const auto watched = std::ranges::find(watched_, job, &schedule::Job::name);
  return watched != watched_.end() && watched->when.LastDue(now_ms);
}

base::Result<alerts::Situation> AlertJob::Look() const {
  const std::int64_t now_ms = parts_.clock.NowMs();
  storage::AlertRepository& figures = parts_.database->alerts();
  alerts::Situation now;
  auto providers = LookAtProviders(parts_, config_.privacy.local_only, now_ms);
  if (!providers.ok()) return providers.error();
  now.providers = std::move(*providers);
  const auto answers = figures.Providers(now_ms - alerts::kFallbackWindowMs);
  if (!answers.ok()) return answers.error();
  for (const storage::ProviderOutcomes& of : *answers) {
    now.answers += of.successes;
    now.fallback_answers += of.fallbacks;
  }
  const auto usage = parts_.database->llm().Usage({.from_ms = now_ms / kDayMs * kDayMs}, storage::LlmGrouping::kNone);
  if (!usage.ok()) return usage.error();
  if (!usage->empty()) now.spent_today_usd = static_cast<double>(usage->front().cost_picousd) / kPicoUsd;
  now.daily_budget_usd = config_.llm.daily_budget_usd;
  now.queue_waiting = parts_.queue->Waiting();
  now.queue_limit = config_.pipeline.max_queued;
  now.longest_queue = now.queue_waiting;
  for (const auto& [queue, waiting] : parts_.queue->WaitingByQueue()) now.longest_queue = std::max(now.longest_queue, waiting);
  const auto sessions = figures.Sessions(now_ms - alerts::kSessionWindowMs);
  if (!sessions.ok()) return sessions.error();
  now.sessions_ended = sessions->ended;
  now.sessions_failed_by_us = sessions->failed_by_us;
  now.sessions_degraded = sessions->degraded;
  const auto runs = parts_.database->schedule().Runs();
  if (!runs.ok()) return runs.error();
  for (const storage::ScheduledRun& run : *runs) {
    if (run.job != "alerts" && alerts::IsFailing(run, IsOn(run.job, now_ms), now_ms)) now.failing_jobs.push_back(run.job);
  }
  return now;
}

base::Status AlertJob::Run(const std::stop_token& stop) {
  const auto now = Look();
  if (!now.ok()) return now.error();
  const base::Status told = book_.Update(alerts::Evaluate(*now), stop);
  return !told.ok() && stop.stop_requested() ? base::Status(base::ErrorCode::kCancelled, "stopped; the next look tells it")
                                             : told;
}

}  // namespace speechcoach::app
