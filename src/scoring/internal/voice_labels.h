// The labels beside the scores.
#pragma once

#include <string_view>

namespace speechcoach::scoring {

// low, moderate or high.
std::string_view ConfidenceLevel(double confidence);

}  // namespace speechcoach::scoring
