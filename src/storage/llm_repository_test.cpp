#include "storage/llm_repository.h"

#include <algorithm>
#include <map>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "storage/temporary_database.h"

namespace speechcoach::storage {
namespace {

constexpr std::int64_t kNow = 1'795'365'000'000;  // 2026-11-22T16:30:00Z
constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kDay = 86'400'000;
constexpr std::int64_t kOpenAi = 1;

class LlmRepositoryTest : public ::testing::Test {
 protected:
  LlmRepository& llm() { return db_->llm(); }

  std::int64_t AddKey(const std::string& name, std::optional<int> daily = {}, std::optional<double> budget = {}) {
    LlmKey key;
    key.provider_id = kOpenAi;
    key.name = name;
    key.token = "token of " + name;
    key.last4 = "1234";
    key.daily_request_limit = daily;
    key.monthly_budget_usd = budget;
    return llm().AddKey(key)->id;
  }

  LlmKey Key(std::int64_t id) {
    const auto keys = llm().Keys();
    return *std::ranges::find(*keys, id, &LlmKey::id);
  }

  LlmCall Call(std::int64_t key_id) {
    LlmCall call;
    call.provider_id = kOpenAi;
    call.key_id = key_id;
    call.model = "m";
    call.success = true;
    call.began_at_ms = kNow;
    return call;
  }

  // Which key is given at that time; 0 where none is.
  std::int64_t Lease(std::int64_t now_ms = kNow) {
    const auto lease = llm().LeaseKey(kOpenAi, now_ms);
    if (lease.ok()) return lease->key_id;
    EXPECT_EQ(lease.error().code, base::ErrorCode::kRateLimited);
    return 0;
  }

  TemporaryDatabase db_;
};

TEST_F(LlmRepositoryTest, ComesWithProvidersModelsAndPrices) {
  const auto providers = llm().Providers();
  ASSERT_TRUE(providers.ok());
  ASSERT_GE(providers->size(), 3U);
  EXPECT_EQ((*providers)[0].name, "openai");
  EXPECT_EQ((*providers)[1].name, "gemini");
  EXPECT_EQ((*providers)[2].name, "deepseek");
  const auto models = llm().Models();
  const auto prices = llm().Prices();
  for (const LlmModel& model : *models) {
    const bool has_price = std::ranges::any_of(
        *prices, [&](const LlmPrice& price) { return price.provider_id == model.provider_id && price.model_name == model.name; });
    EXPECT_TRUE(has_price) << model.name;
  }
}

TEST_F(LlmRepositoryTest, ANewDayForgetsWhatWasOfTheOldOne) {
  const std::int64_t used = AddKey("used");
  const std::int64_t resting = AddKey("resting");
  AddKey("never used");
  ASSERT_EQ(Lease(), used);
  ASSERT_EQ(Lease(), resting);
  LlmCall limited = Call(used);
  limited.success = false;
  limited.is_the_keys_fault = true;
  limited.key_rests_until_ms = kNow + kMinute;
  ASSERT_TRUE(llm().RecordCall(limited).ok());
  limited.key_id = resting;
  limited.key_rests_until_ms = kNow + 2 * kDay;
  ASSERT_TRUE(llm().RecordCall(limited).ok());
  EXPECT_EQ(llm().ResetKeys(kNow + kMinute).value(), 0) << "still the same day";
  EXPECT_EQ(Key(used).consecutive_failures, 1);
  EXPECT_EQ(llm().ResetKeys(kNow + kDay).value(), 2);
  EXPECT_EQ(llm().ResetKeys(kNow + kDay).value(), 0);
  EXPECT_EQ(Key(used).day_requests, 0);
  EXPECT_EQ(Key(used).consecutive_failures, 0);
  EXPECT_FALSE(Key(used).rate_limit_reset_at_ms);
  EXPECT_EQ(Key(resting).rate_limit_reset_at_ms, kNow + 2 * kDay) << "its limit is not over";
  EXPECT_EQ(Key(used).total_requests, 1);
}

TEST_F(LlmRepositoryTest, ProvidersModelsAndPricesAreEdited) {
  auto added =
      llm().AddProvider({.name = "school", .kind = "openai_compatible", .base_url = "http://localhost:1/v1", .needs_key = false});
  ASSERT_TRUE(added.ok());
  EXPECT_EQ(llm().AddProvider(*added).error().code, base::ErrorCode::kConflict);
  added->priority = -1;
  added->is_active = false;
  ASSERT_TRUE(llm().UpdateProvider(*added).ok());
  EXPECT_EQ(llm().Providers()->front().name, "school");
  EXPECT_FALSE(llm().Providers()->front().is_active);
  EXPECT_FALSE(llm().Providers()->front().needs_key);
  EXPECT_EQ(llm().UpdateProvider({.id = 999}).error().code, base::ErrorCode::kNotFound);

  ASSERT_TRUE(llm().PutModel({.provider_id = added->id, .name = "qwen", .shutdown_at_ms = 5}).ok());
  const auto model = [&] {
    const auto models = llm().Models();
    return *std::ranges::find(*models, "qwen", &LlmModel::name);
  };
  ASSERT_TRUE(llm().SetModelMissing(model().id, 77).ok());
  EXPECT_EQ(model().missing_until_ms, 77);
  EXPECT_EQ(model().shutdown_at_ms, 5);
  ASSERT_TRUE(llm().PutModel({.provider_id = added->id, .name = "qwen", .priority = 3}).ok());
  EXPECT_EQ(model().priority, 3);
  EXPECT_EQ(model().missing_until_ms, std::nullopt);

  const auto price = llm().AddPrice(
      {.provider_id = added->id, .model_name = "qwen", .weekdays = 31, .from_minute = 0, .to_minute = 60, .output_microusd = 7});
  ASSERT_TRUE(price.ok());
  const auto prices = llm().Prices();
  const auto read = std::ranges::find(*prices, price->id, &LlmPrice::id);
  EXPECT_EQ(read->weekdays, 31);
  EXPECT_EQ(read->output_microusd, 7);
  EXPECT_TRUE(llm().DeletePrice(price->id).ok());
  EXPECT_EQ(llm().DeletePrice(price->id).error().code, base::ErrorCode::kNotFound);
  EXPECT_EQ(llm().AddPrice({.provider_id = 999, .model_name = "x"}).error().code, base::ErrorCode::kConflict);
}

TEST_F(LlmRepositoryTest, KeysTakeTurns) {
  const std::int64_t a = AddKey("a");
  const std::int64_t b = AddKey("b");
  const std::int64_t c = AddKey("c");
  std::vector<std::int64_t> given;
  for (int i = 0; i < 6; ++i) given.push_back(Lease());
  EXPECT_EQ(given, (std::vector<std::int64_t>{a, b, c, a, b, c}));
  const std::int64_t d = AddKey("d");  // never used: its turn is first
  EXPECT_EQ(Lease(), d);
  EXPECT_EQ(Lease(), a);
  EXPECT_EQ(Key(a).total_requests, 3);
  EXPECT_EQ(llm().LeaseKey(2, kNow).error().code, base::ErrorCode::kRateLimited);
}

TEST_F(LlmRepositoryTest, ALimitedKeyRestsUntilItsResetExactly) {
  const std::int64_t a = AddKey("a");
  const std::int64_t b = AddKey("b");
  LlmCall call = Call(a);
  call.success = false;
  call.is_the_keys_fault = true;
  call.key_rests_until_ms = kNow + 5000;
  ASSERT_TRUE(llm().RecordCall(call).ok());
  call.key_rests_until_ms = kNow + 1000;  // an older answer that comes later shortens nothing
  ASSERT_TRUE(llm().RecordCall(call).ok());
  EXPECT_EQ(Key(a).consecutive_failures, 2);
  EXPECT_EQ(Lease(), b);
  EXPECT_EQ(Lease(kNow + 4999), b);
  EXPECT_EQ(Lease(kNow + 5000), a);
  EXPECT_EQ(Key(a).rate_limit_reset_at_ms, std::nullopt);
}

TEST_F(LlmRepositoryTest, RequestsADayAndAMinuteAreLimited) {
  const std::int64_t a = AddKey("a", 2);
  EXPECT_EQ(Lease(), a);
  EXPECT_EQ(Lease(), a);
  EXPECT_EQ(Lease(), 0);
  EXPECT_EQ(Lease(kNow + kMinute), 0);
  EXPECT_EQ(Lease((kNow / kDay + 1) * kDay), a);

  const std::int64_t later = kNow + 10 * kDay;
  ASSERT_TRUE(llm().ChangeKey(a, {.daily_request_limit = std::optional<int>()}).ok());
  LlmProvider openai = llm().Providers()->front();
  openai.requests_per_minute = 3;
  ASSERT_TRUE(llm().UpdateProvider(openai).ok());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Lease(later), a);
  EXPECT_EQ(Lease(later), 0);
  EXPECT_EQ(Lease((later / kMinute + 1) * kMinute), a);
}

TEST_F(LlmRepositoryTest, AMonthsBudgetIsKept) {
  const std::int64_t a = AddKey("a", {}, 0.01);
  LlmCall call = Call(a);
  call.cost_picousd = 9'999'999'999;
  ASSERT_TRUE(llm().RecordCall(call).ok());
  EXPECT_EQ(Lease(), a);
  call.cost_picousd = 1;
  ASSERT_TRUE(llm().RecordCall(call).ok());
  EXPECT_EQ(Lease(), 0);
  EXPECT_EQ(Lease(kNow + 7 * kDay), 0);   // 29 November
  EXPECT_EQ(Lease(kNow + 10 * kDay), a);  // 2 December
  EXPECT_EQ(Key(a).total_cost_picousd, 10'000'000'000);
}

TEST_F(LlmRepositoryTest, AKeyThatWasTurnedOffComesBackByHand) {
  const std::int64_t a = AddKey("a");
  LlmCall call = Call(a);
  call.success = false;
  call.key_disabled_reason = "invalid_key";
  ASSERT_TRUE(llm().RecordCall(call).ok());
  EXPECT_EQ(Key(a).disabled_reason, "invalid_key");
  EXPECT_EQ(Lease(), 0);
  EXPECT_EQ(llm().LeaseThisKey(a, kNow)->token, "token of a");
  ASSERT_TRUE(llm().ChangeKey(a, {.is_active = true}).ok());
  EXPECT_EQ(Key(a).disabled_reason, "");
  EXPECT_EQ(Lease(), a);
  EXPECT_EQ(llm().ChangeKey(999, {}).error().code, base::ErrorCode::kNotFound);
  ASSERT_TRUE(llm().SetKeyToken(a, "token of a", "new").ok());
  EXPECT_EQ(llm().SetKeyToken(a, "token of a", "newer").error().code, base::ErrorCode::kConflict);
}

TEST_F(LlmRepositoryTest, UsageAddsUp) {
  const std::int64_t a = AddKey("a");
  for (int i = 0; i < 10; ++i) {
    LlmCall call = Call(i % 2 == 0 ? a : 0);
    call.provider_id = i % 2 == 0 ? kOpenAi : 2;
    call.prompt_tokens = 100 + i;
    call.completion_tokens = 10;
    call.cost_picousd = 1'000 + i;
    call.success = i != 3;
    call.was_fallback = i == 5;
    call.began_at_ms = kNow + i * kDay;
    call.session_id = "00000000-0000-4000-8000-000000000000";  // gone: the row stays
    ASSERT_TRUE(llm().RecordCall(call).ok());
  }
  const auto all = llm().Usage({}, LlmGrouping::kNone);
  ASSERT_TRUE(all.ok()) << all.error().message;
  ASSERT_EQ(all->size(), 1U);
  EXPECT_EQ(all->front().calls, 10);
  EXPECT_EQ(all->front().successes, 9);
  EXPECT_EQ(all->front().fallbacks, 1);
  EXPECT_EQ(all->front().cost_picousd, 10'045);
  const auto by_provider = llm().Usage({}, LlmGrouping::kProvider);
  ASSERT_TRUE(by_provider.ok()) << by_provider.error().message;
  ASSERT_EQ(by_provider->size(), 2U);
  EXPECT_EQ((*by_provider)[0].group, "gemini");
  EXPECT_EQ((*by_provider)[0].prompt_tokens, 101 + 103 + 105 + 107 + 109);
  const auto by_day = llm().Usage({.from_ms = kNow, .to_ms = kNow + 3 * kDay}, LlmGrouping::kDay);
  ASSERT_TRUE(by_day.ok()) << by_day.error().message;
  ASSERT_EQ(by_day->size(), 3U);
  EXPECT_EQ(by_day->front().group, "2026-11-22");
  EXPECT_EQ(llm().Usage({.provider_id = 2}, LlmGrouping::kNone)->front().calls, 5);
  EXPECT_TRUE(llm().Usage({.from_ms = kNow + 99 * kDay}, LlmGrouping::kNone)->empty());
}

TEST_F(LlmRepositoryTest, CallersAtOnceShareFairly) {
  LlmProvider openai = llm().Providers()->front();
  openai.requests_per_minute = 0;
  ASSERT_TRUE(llm().UpdateProvider(openai).ok());
  for (const char* name : {"a", "b", "c", "d", "e"}) AddKey(name);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) EXPECT_NE(Lease(), 0);
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto keys = llm().Keys();
  for (const LlmKey& key : *keys) EXPECT_EQ(key.total_requests, 40) << key.name;
}

}  // namespace
}  // namespace speechcoach::storage
