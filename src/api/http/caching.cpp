#include "api/http/caching.h"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include "api/http/text.h"

namespace speechcoach::api {
namespace {

constexpr std::string_view kWeak = "W/";

std::string_view WithoutWeakness(std::string_view tag) {
  if (tag.starts_with(kWeak)) tag.remove_prefix(kWeak.size());
  return tag;
}

// "q=0", "q=0.000": not at all.
bool IsRefusal(std::string_view parameter) {
  const bool is_weight = parameter.size() >= 3 && (parameter[0] == 'q' || parameter[0] == 'Q') && parameter[1] == '=';
  return is_weight && std::ranges::all_of(parameter.substr(2), [](char c) { return c == '0' || c == '.'; });
}

}  // namespace

std::string EntityTagOf(std::string_view content) {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  for (const char c : content) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return fmt::format("\"{:016x}\"", hash);
}

bool NamesTag(std::string_view if_none_match, std::string_view tag) {
  return std::ranges::any_of(SplitList(if_none_match),
                             [&](std::string_view item) { return item == "*" || WithoutWeakness(item) == WithoutWeakness(tag); });
}

bool AcceptsCoding(std::string_view accept_encoding, std::string_view coding) {
  return std::ranges::any_of(SplitList(accept_encoding), [&](std::string_view item) {
    const auto parts = SplitList(item, ';');
    return !parts.empty() && EqualIgnoringCase(parts[0], coding) && std::ranges::none_of(parts, IsRefusal);
  });
}

}  // namespace speechcoach::api
