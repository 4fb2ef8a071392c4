// What a call costs.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "llm/chat_provider.h"
#include "storage/llm_repository.h"

namespace speechcoach::llm {

// The price that holds for a model at that time; null where there is none. A row for certain hours goes before one without;
// of several the one that began last holds.
const storage::LlmPrice* PriceAt(std::span<const storage::LlmPrice> prices, std::int64_t provider_id, std::string_view model,
                                 std::int64_t now_ms);

// Picodollars, exact: nothing is rounded.
std::int64_t Cost(const storage::LlmPrice& price, const ChatUsage& usage);

}  // namespace speechcoach::llm
