#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "llm/chain/circuit_breaker.h"
#include "llm/chain/price.h"
#include "llm/chain/recent_times.h"
#include "llm/chain/text_gate.h"

namespace speechcoach::llm {
namespace {

using std::chrono::milliseconds;
using State = CircuitBreaker::State;

TEST(CircuitBreaker, OpensAfterFailuresInARowAndClosesByAProbe) {
  CircuitBreaker breaker(milliseconds(100));
  const CircuitBreaker::Clock::time_point start{};
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(breaker.Failed(5, start));
  breaker.Succeeded();
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(breaker.Failed(5, start));
  EXPECT_EQ(breaker.state(), State::kClosed);
  EXPECT_TRUE(breaker.Failed(5, start));
  EXPECT_EQ(breaker.state(), State::kOpen);
  breaker.Succeeded();  // a call that began before it opened
  EXPECT_EQ(breaker.state(), State::kOpen);
  EXPECT_FALSE(breaker.BeginProbe(start + milliseconds(99)));
  EXPECT_TRUE(breaker.BeginProbe(start + milliseconds(100)));
  EXPECT_EQ(breaker.state(), State::kHalfOpen);
  EXPECT_FALSE(breaker.BeginProbe(start + milliseconds(100)));  // one alone
  breaker.EndProbe(false, start + milliseconds(150));
  EXPECT_EQ(breaker.state(), State::kOpen);
  EXPECT_FALSE(breaker.BeginProbe(start + milliseconds(249)));
  EXPECT_TRUE(breaker.BeginProbe(start + milliseconds(250)));
  breaker.EndProbe(true, start + milliseconds(260));
  EXPECT_EQ(breaker.state(), State::kClosed);
  EXPECT_FALSE(breaker.Failed(5, start + milliseconds(270)));  // counts from nought again
}

TEST(RecentTimes, Needs20TimesForAPercentile) {
  RecentTimes times;
  for (int i = 1; i < 20; ++i) times.Add(milliseconds(i));
  EXPECT_EQ(times.P95(), std::nullopt);
  times.Add(milliseconds(1000));
  EXPECT_EQ(times.P95(), milliseconds(19));
  for (int i = 0; i < 100; ++i) times.Add(milliseconds(7));
  EXPECT_EQ(times.P95(), milliseconds(7));
}

constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kMonday = 1'795'392'000'000;  // 2026-11-23T00:00:00Z

storage::LlmPrice Price(std::int64_t from_ms, std::int64_t input) {
  return {.provider_id = 1, .model_name = "m", .valid_from_ms = from_ms, .input_microusd = input};
}

TEST(Price, TheRowThatHoldsIsTaken) {
  storage::LlmPrice old = Price(0, 1);
  old.valid_to_ms = kMonday;
  storage::LlmPrice peak = Price(0, 3);
  peak.weekdays = 31;
  peak.from_minute = 60;
  peak.to_minute = 240;
  const std::vector<storage::LlmPrice> prices = {old, Price(0, 1), Price(kMonday, 2), peak};
  const auto at = [&](std::int64_t ms) { return PriceAt(prices, 1, "m", ms)->input_microusd; };
  EXPECT_EQ(at(kMonday - 1), 1);
  EXPECT_EQ(at(kMonday), 2);
  EXPECT_EQ(at(kMonday + kHourMs - 1), 2);
  EXPECT_EQ(at(kMonday + kHourMs), 3);
  EXPECT_EQ(at(kMonday + 4 * kHourMs - 1), 3);
  EXPECT_EQ(at(kMonday + 4 * kHourMs), 2);
  EXPECT_EQ(at(kMonday + 5 * 24 * kHourMs + kHourMs), 2);  // Saturday
  EXPECT_EQ(at(kMonday + 4 * 24 * kHourMs + kHourMs), 3);  // Friday
  EXPECT_EQ(at(kMonday - 2 * 24 * kHourMs + kHourMs), 1);  // the Saturday before
  EXPECT_EQ(PriceAt(prices, 2, "m", kMonday), nullptr);
  EXPECT_EQ(PriceAt(prices, 1, "other", kMonday), nullptr);
}

TEST(Price, CostsAreExact) {
  storage::LlmPrice price = Price(0, 150'000);  // $0.15 a million
  price.cached_input_microusd = 3'000;
  price.output_microusd = 600'000;
  EXPECT_EQ(Cost(price, {1'000'000, 0, 0}), 150'000'000'000);
  EXPECT_EQ(Cost(price, {640, 128, 96}), 512LL * 150'000 + 128LL * 3'000 + 96LL * 600'000);
  EXPECT_EQ(Cost(price, {}), 0);
}

struct Screen {
  std::string text;
  int start_overs = 0;
  ChatObserver observer{[this](std::string_view more) { text += more; },
                        [this] {
                          text.clear();
                          ++start_overs;
                        }};
};

TEST(TextGate, TheFirstToSpeakIsHeardAlone) {
  Screen screen;
  TextGate gate(screen.observer);
  gate.Show(2, "b");
  gate.Show(1, "a");
  gate.Show(2, "c");
  EXPECT_EQ(screen.text, "bc");
  EXPECT_TRUE(gate.IsHeldByAnother(1));
  EXPECT_FALSE(gate.Take(1));
  gate.Release(1);  // not its own
  EXPECT_TRUE(gate.Take(2));
}

TEST(TextGate, AfterAReleaseTheNextStartsOver) {
  Screen screen;
  TextGate gate(screen.observer);
  gate.Show(1, "half an ans");
  gate.Release(1);
  EXPECT_EQ(screen.text, "half an ans");  // stays until there is something better
  gate.Show(2, "whole");
  EXPECT_EQ(screen.text, "whole");
  EXPECT_EQ(screen.start_overs, 1);
}

TEST(TextGate, NothingShownIsNothingToStartOver) {
  Screen screen;
  TextGate gate(screen.observer);
  EXPECT_TRUE(gate.Take(1));
  gate.Release(1);
  gate.Show(2, "whole");
  EXPECT_EQ(screen.start_overs, 0);
}

}  // namespace
}  // namespace speechcoach::llm
