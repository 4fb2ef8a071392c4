#include "storage/internal/page_cursor.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace speechcoach::storage {
namespace {

constexpr std::size_t kTimeDigits = 16;
constexpr std::size_t kIdDigits = 32;
constexpr std::size_t kDashPlaces[] = {8, 13, 18, 23};

bool IsHex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

}  // namespace

std::string EncodeCursor(const PagePosition& position) {
  std::string cursor = fmt::format("{:016x}", position.created_at_ms);
  std::ranges::copy_if(position.id, std::back_inserter(cursor), IsHex);
  return cursor;
}

std::optional<PagePosition> DecodeCursor(std::string_view cursor) {
  if (cursor.size() != kTimeDigits + kIdDigits || !std::ranges::all_of(cursor, IsHex)) return std::nullopt;
  PagePosition position;
  const auto [end, fault] = std::from_chars(cursor.data(), cursor.data() + kTimeDigits, position.created_at_ms, 16);
  if (fault != std::errc()) return std::nullopt;
  position.id = cursor.substr(kTimeDigits);
  for (const std::size_t place : kDashPlaces) position.id.insert(place, 1, '-');
  return position;
}

}  // namespace speechcoach::storage
