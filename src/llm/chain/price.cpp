#include "llm/chain/price.h"

#include <string_view>
#include <tuple>

namespace speechcoach::llm {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kMinutesADay = 1440;

bool HoldsAt(const storage::LlmPrice& price, std::int64_t now_ms) {
  if (now_ms < price.valid_from_ms || (price.valid_to_ms && now_ms >= *price.valid_to_ms)) return false;
  if (!price.weekdays) return true;
  const std::int64_t minutes = now_ms / kMinuteMs;
  const std::int64_t minute_of_day = minutes % kMinutesADay;
  const std::int64_t weekday = (minutes / kMinutesADay + 3) % 7;  // 1970-01-01 was a Thursday; 0 is Monday
  return (*price.weekdays >> weekday & 1) != 0 && minute_of_day >= *price.from_minute && minute_of_day < *price.to_minute;
}

}  // namespace

const storage::LlmPrice* PriceAt(std::span<const storage::LlmPrice> prices, std::int64_t provider_id, std::string_view model,
                                 std::int64_t now_ms) {
  const auto rank = [](const storage::LlmPrice& price) {
    return std::tuple(price.weekdays.has_value(), price.valid_from_ms, price.id);
  };
  const storage::LlmPrice* best = nullptr;
  for (const storage::LlmPrice& price : prices) {
    if (price.provider_id != provider_id || price.model_name != model || !HoldsAt(price, now_ms)) continue;
    if (best == nullptr || rank(*best) < rank(price)) best = &price;
  }
  return best;
}

std::int64_t Cost(const storage::LlmPrice& price, const ChatUsage& usage) {
  const std::int64_t fresh = usage.prompt_tokens - usage.cached_prompt_tokens;
  return fresh * price.input_microusd + usage.cached_prompt_tokens * price.cached_input_microusd +
         usage.completion_tokens * price.output_microusd;
}

}  // namespace speechcoach::llm
