#include "llm/chain/budget_watch.h"

#include <fmt/format.h>

#include "base/log.h"

namespace speechcoach::llm {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kBetweenLooksMs = 10'000;
constexpr double kPicoUsd = 1e12;

}  // namespace

void BudgetWatch::Look(std::int64_t now_ms) {
  if (daily_budget_usd_ <= 0) return;
  const std::int64_t day = now_ms / kDayMs;
  {
    const std::lock_guard lock(mutex_);
    if (now_ms < next_look_ms_ || warned_day_ == day) return;
    next_look_ms_ = now_ms + kBetweenLooksMs;
  }
  const auto usage = repository_.Usage({.from_ms = day * kDayMs}, storage::LlmGrouping::kNone);
  if (!usage.ok() || usage->empty()) return;
  const double spent_usd = static_cast<double>(usage->front().cost_picousd) / kPicoUsd;
  if (spent_usd <= daily_budget_usd_) return;
  {
    const std::lock_guard lock(mutex_);
    if (warned_day_ == day) return;
    warned_day_ = day;
  }
  base::Log(base::LogLevel::kWarning, "llm daily budget exceeded",
            {{"spent_usd", fmt::format("{:.4f}", spent_usd)}, {"budget_usd", daily_budget_usd_}});
}

}  // namespace speechcoach::llm
