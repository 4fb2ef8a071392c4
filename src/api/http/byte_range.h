// The Range field (RFC 9110, 14): one range of bytes.
#pragma once

#include <cstddef>
#include <string_view>
#include <variant>

#include "api/http/message.h"

namespace speechcoach::api {

struct ByteRange {
  std::size_t first = 0;
  std::size_t last = 0;  // inclusive
};
struct WholeContent {};    // no range, several, or another unit: allowed to answer with everything
struct NotSatisfiable {};  // begins behind the end
using RangeAnswer = std::variant<WholeContent, ByteRange, NotSatisfiable>;

RangeAnswer ParseRange(std::string_view field, std::size_t size);

// `whole` (status 200) as the request's Range field wants it: 200, 206 or 416.
Response ApplyRange(Response whole, std::string_view range_field);

}  // namespace speechcoach::api
