#include "api/http/byte_range.h"

#include <algorithm>

#include <fmt/format.h>

#include "api/http/text.h"

namespace speechcoach::api {

RangeAnswer ParseRange(std::string_view field, std::size_t size) {
  constexpr std::string_view kUnit = "bytes=";
  if (!field.starts_with(kUnit)) return WholeContent{};
  const std::string_view range = Trim(field.substr(kUnit.size()));
  const std::size_t dash = range.find('-');
  if (dash == std::string_view::npos || range.find(',') != std::string_view::npos) return WholeContent{};
  const std::string_view first_text = Trim(range.substr(0, dash));
  const std::string_view last_text = Trim(range.substr(dash + 1));
  const auto first = ParseNumber(first_text);
  const auto last = ParseNumber(last_text);
  if (first_text.empty()) {
    if (!last) return WholeContent{};
    if (*last == 0 || size == 0) return NotSatisfiable{};
    const std::size_t length = std::min(static_cast<std::size_t>(*last), size);
    return ByteRange{size - length, size - 1};
  }
  if (!first || (!last_text.empty() && (!last || *last < *first))) return WholeContent{};
  if (static_cast<std::size_t>(*first) >= size) return NotSatisfiable{};
  return ByteRange{static_cast<std::size_t>(*first), last ? std::min(static_cast<std::size_t>(*last), size - 1) : size - 1};
}

Response ApplyRange(Response whole, std::string_view range_field) {
  const std::size_t size = whole.body.view().size();
  const RangeAnswer answer = ParseRange(range_field, size);
  if (std::holds_alternative<NotSatisfiable>(answer)) {
    Response refused{.status = 416, .headers = {}, .body = {}};
    refused.headers.Add("Content-Range", fmt::format("bytes */{}", size));
    return refused;
  }
  whole.headers.Add("Accept-Ranges", "bytes");
  if (const auto* range = std::get_if<ByteRange>(&answer)) {
    whole.status = 206;
    whole.headers.Add("Content-Range", fmt::format("bytes {}-{}/{}", range->first, range->last, size));
    whole.body = whole.body.Slice(range->first, range->last - range->first + 1);
  }
  return whole;
}

}  // namespace speechcoach::api
