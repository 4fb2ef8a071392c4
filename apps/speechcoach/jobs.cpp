#include "jobs.h"

#include <chrono>
#include <memory>
#include <string>

#include "adapt.h"
#include "alert_job.h"
#include "base/log.h"

namespace speechcoach::app {
namespace {

using std::chrono::minutes;

// Who has answered so lately is not asked once more.
constexpr std::int64_t kAnsweredLatelyMs = 600'000;

// The configuration was read, so the text is one.
base::Recurrence When(const std::string& text) { return base::Recurrence::Parse(text).value(); }

base::Status CleanUp(SharedParts& parts, const std::stop_token& stop) {
  const auto swept = parts.retention->Sweep(stop);
  if (!swept.ok()) return swept.error();
  if (swept->recordings + swept->texts + swept->accesses > 0) {
    base::Log(base::LogLevel::kInfo, "swept",
              {{"recordings", swept->recordings}, {"texts", swept->texts}, {"accesses", swept->accesses}});
  }
  return stop.stop_requested() ? base::Status(base::ErrorCode::kCancelled, "stopped; the next sweep goes on") : base::Status();
}

base::Status CheckProviders(SharedParts& parts, const std::stop_token& stop) {
  const auto checks = parts.llm->chain().CheckProviders(parts.clock.NowMs() - kAnsweredLatelyMs, stop);
  if (!checks.ok()) return checks.error();
  for (const llm::ProviderCheck& check : *checks) {
    base::Log(check.answers ? base::LogLevel::kInfo : base::LogLevel::kWarning, "llm provider checked",
              {{"provider", check.provider}, {"result", check.answers ? "answers" : check.fault}});
  }
  return stop.stop_requested() ? base::Status(base::ErrorCode::kCancelled, "stopped") : base::Status();
}

base::Status ResetKeys(SharedParts& parts) {
  const auto reset = parts.database->llm().ResetKeys(parts.clock.NowMs());
  if (!reset.ok()) return reset.error();
  if (*reset > 0) base::Log(base::LogLevel::kInfo, "keys begin a new day", {{"keys", *reset}});
  return {};
}

}  // namespace

std::vector<schedule::Job> MakeJobs(const base::Config& config, SharedParts& parts) {
  std::vector<schedule::Job> jobs{
      {"cleanup", When(config.beat.cleanup), minutes(60), [&parts](const std::stop_token& stop) { return CleanUp(parts, stop); }},
      {"provider_checks", When(config.beat.provider_checks), minutes(10),
       [&parts](const std::stop_token& stop) { return CheckProviders(parts, stop); }},
      {"key_reset", When(config.beat.key_reset), minutes(5), [&parts](const std::stop_token&) { return ResetKeys(parts); }},
  };
  jobs.push_back({"adapted_tables", When("every 1m"), minutes(5),
                  [&parts](const std::stop_token&) { return FollowAdapted(*parts.database, parts.clock.NowMs()); }});
  const auto alerts = std::make_shared<AlertJob>(config, parts, jobs);
  jobs.push_back(
      {"alerts", When(config.beat.alerts), minutes(2), [alerts](const std::stop_token& stop) { return alerts->Run(stop); }});
  return jobs;
}

}  // namespace speechcoach::app
