#include "alerts/rules.h"

#include <fstream>
#include <map>

#include <gtest/gtest.h>

namespace speechcoach::alerts {
namespace {

using Names = std::vector<std::string>;

Names Firing(const Situation& situation) {
  Names names;
  for (const Alert& alert : Evaluate(situation))
    names.push_back(alert.subject.empty() ? alert.name : alert.name + "/" + alert.subject);
  return names;
}

Situation Calm() {
  Situation calm;
  calm.providers = {{"openai", true, 100, 2}, {"gemini", true, 10, 1}};
  calm.answers = 200;
  calm.fallback_answers = 10;
  calm.spent_today_usd = 5;
  calm.daily_budget_usd = 5;
  calm.queue_waiting = 100;
  calm.queue_limit = 200;
  calm.longest_queue = 100;
  calm.sessions_ended = 100;
  calm.sessions_failed_by_us = 2;
  calm.sessions_degraded = 20;
  return calm;
}

TEST(AlertRules, AtTheLimitsNothingFires) {
  EXPECT_EQ(Firing(Calm()), Names{});
  EXPECT_EQ(Firing({}), Names{}) << "an installation that nobody uses";
}

TEST(AlertRules, AllProvidersDown) {
  Situation now = Calm();
  now.providers = {{"openai", true, 3, 3}, {"gemini", true, 2, 2}};
  EXPECT_EQ(Firing(now), Names{}) << "two calls say nothing";
  now.providers[1] = {"gemini", true, 3, 3};
  EXPECT_EQ(Firing(now), Names{"AllProvidersDown"});
  EXPECT_EQ(Evaluate(now)[0].severity, Severity::kCritical);
  now.providers[1] = {"gemini", true, 0, 0};
  EXPECT_EQ(Firing(now), Names{}) << "one that nobody has asked may answer";
  now.providers[1] = {"gemini", false, 0, 0};
  EXPECT_EQ(Firing(now), (Names{"AllProvidersDown", "NoUsableKey/gemini"}));
}

TEST(AlertRules, MoreThanHalfOfTheFirstProvidersCallsFail) {
  Situation now = Calm();
  now.providers[0] = {"openai", true, 100, 50};
  EXPECT_EQ(Firing(now), Names{});
  now.providers[0].failures = 51;
  EXPECT_EQ(Firing(now), Names{"PrimaryProviderFailing"});
  now.providers[0] = {"openai", true, 4, 3};
  EXPECT_EQ(Firing(now), Names{}) << "of so few calls a share says nothing";
}

TEST(AlertRules, AnotherProviderFails) {
  Situation now = Calm();
  now.providers[1] = {"gemini", true, 10, 6};
  EXPECT_EQ(Firing(now), Names{"ProviderFailing/gemini"});
}

TEST(AlertRules, CostOverBudget) {
  Situation now = Calm();
  now.spent_today_usd = 5.01;
  EXPECT_EQ(Firing(now), Names{"DailyCostOverBudget"});
  now.daily_budget_usd = 0;
  EXPECT_EQ(Firing(now), Names{}) << "no budget is set";
}

TEST(AlertRules, Backlog) {
  Situation now = Calm();
  now.longest_queue = 101;
  EXPECT_EQ(Firing(now), Names{"QueueBacklog"});
  now.queue_waiting = 101;
  now.queue_limit = 110;
  EXPECT_EQ(Firing(now), (Names{"QueueBacklog", "QueueNearlyFull"}));
}

TEST(AlertRules, SessionsThatFailOrAreDegraded) {
  Situation now = Calm();
  now.sessions_failed_by_us = 3;
  now.sessions_degraded = 21;
  EXPECT_EQ(Firing(now), (Names{"AnalysesFailing", "DegradedShareHigh"}));
  now.sessions_ended = 9;
  EXPECT_EQ(Firing(now), Names{});
}

TEST(AlertRules, FallbacksAndJobs) {
  Situation now = Calm();
  now.fallback_answers = 11;
  now.failing_jobs = {"cleanup", "key_reset"};
  EXPECT_EQ(Firing(now), (Names{"FallbackRateHigh", "JobFailing/cleanup", "JobFailing/key_reset"}));
}

TEST(AlertRules, EachMustLastAsLongAsPrometheusRulesSay) {
  std::ifstream file(SPEECHCOACH_TEST_DATA "/../../deploy/prometheus/alerts.yml");
  std::map<std::string, int> minutes;
  std::string name;
  for (std::string word; file >> word;) {
    if (word == "alert:" && file >> name) minutes[name] = 0;
    if (word == "for:" && file >> word) minutes[name] = std::stoi(word) * (word.back() == 'h' ? 60 : 1);
  }
  for (const char* judged :
       {"AllProvidersDown", "PrimaryProviderFailing", "ProviderFailing", "FallbackRateHigh", "NoUsableKey", "DailyCostOverBudget",
        "QueueBacklog", "QueueNearlyFull", "AnalysesFailing", "DegradedShareHigh", "JobFailing"}) {
    ASSERT_TRUE(minutes.contains(judged)) << judged;
    EXPECT_EQ(HoldOf(judged), std::chrono::minutes(minutes[judged])) << judged;
  }
}

TEST(AlertRules, AJobThatFailedIsForgottenWhereItIsOff) {
  constexpr std::int64_t kNoonMs = 1'795'435'200'000;
  storage::ScheduledRun last{.job = "cleanup", .began_at_ms = kNoonMs, .ended_at_ms = kNoonMs + 1};
  EXPECT_TRUE(IsFailing(last, true, kNoonMs + 10 * kFailedJobWindowMs));
  EXPECT_TRUE(IsFailing(last, false, kNoonMs + kFailedJobWindowMs - 1));
  EXPECT_FALSE(IsFailing(last, false, kNoonMs + kFailedJobWindowMs));
  last.succeeded = true;
  EXPECT_FALSE(IsFailing(last, true, kNoonMs + 2));
  EXPECT_FALSE(IsFailing({.job = "cleanup", .began_at_ms = 0, .ended_at_ms = kNoonMs}, true, kNoonMs + 2)) << "interrupted";
  EXPECT_FALSE(IsFailing({.job = "cleanup", .began_at_ms = kNoonMs}, true, kNoonMs + 2)) << "under way";
}

TEST(AlertRules, AKeyIsUsableWithinItsLimits) {
  constexpr std::int64_t kNoonMs = 1'795'435'200'000;  // 2026-11-23
  constexpr std::int64_t kDayMs = 86'400'000;
  storage::LlmKey key{.day_requests = 10, .last_used_at_ms = kNoonMs - 3'600'000};
  EXPECT_TRUE(IsUsable(key, kNoonMs));
  key.daily_request_limit = 10;
  EXPECT_FALSE(IsUsable(key, kNoonMs));
  EXPECT_TRUE(IsUsable(key, kNoonMs + kDayMs)) << "a new day";
  key.daily_request_limit = 11;
  EXPECT_TRUE(IsUsable(key, kNoonMs));
  key.monthly_budget_usd = 0.5;
  key.month_cost_picousd = 500'000'000'000;
  EXPECT_FALSE(IsUsable(key, kNoonMs));
  EXPECT_FALSE(IsUsable(key, kNoonMs + kDayMs));
  EXPECT_TRUE(IsUsable(key, kNoonMs + 8 * kDayMs)) << "a new month";
  storage::LlmKey resting{.rate_limit_reset_at_ms = kNoonMs + 1};
  EXPECT_FALSE(IsUsable(resting, kNoonMs));
  EXPECT_TRUE(IsUsable(resting, kNoonMs + 1));
  EXPECT_FALSE(IsUsable({.is_active = false}, kNoonMs));
}

}  // namespace
}  // namespace speechcoach::alerts
