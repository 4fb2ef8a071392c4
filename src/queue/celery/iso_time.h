// Times as Celery writes them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace speechcoach::queue::celery {

// "2026-11-22T16:30:00[.125000][Z|+00:00|+0700]" -> UTC milliseconds since the epoch; without a zone it is UTC.
std::optional<std::int64_t> ParseIsoTime(std::string_view text);

// "2026-11-22T16:30:00.125000+00:00".
std::string FormatIsoTime(std::int64_t epoch_ms);

}  // namespace speechcoach::queue::celery
