#include "alerts/rules.h"

#include <gtest/gtest.h>

namespace speechcoach::alerts {
namespace {

using Names = std::vector<std::string>;

Names Firing(const Situation& situation) {
  Names names;
  for (const Alert& alert : Evaluate(situation)) names.push_back(alert.subject.empty() ? alert.name : alert.name + "/" + alert.subject);
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
  now.providers = {{"openai", true, 3, 3}, {"gemini", true, 1, 1}};
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
  now.queue_waiting = 101;
  EXPECT_EQ(Firing(now), Names{"QueueBacklog"});
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

}  // namespace
}  // namespace speechcoach::alerts
