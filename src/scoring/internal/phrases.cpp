#include "scoring/internal/phrases.h"

#include <algorithm>

namespace speechcoach::scoring {
namespace {

// SplitMix64's finaliser (Steele, Lea and Flood 2014): neighbouring seeds and topics pick unrelated texts.
std::uint64_t Mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

// One pass, so that braces inside a value are left alone.
std::string Fill(std::string_view text, const PhraseValues& values) {
  std::string filled;
  while (!text.empty()) {
    const std::size_t open = std::min(text.find('{'), text.size());
    filled += text.substr(0, open);
    text.remove_prefix(open);
    if (text.empty()) break;
    const std::size_t close = text.find('}');
    const auto value = std::ranges::find(values, text.substr(1, close - 1), &std::pair<std::string_view, std::string>::first);
    if (value != values.end()) filled += value->second;
    text.remove_prefix(close + 1);
  }
  return filled;
}

}  // namespace

std::string Phrase(model::Locale locale, Topic topic, Role role, std::uint64_t seed, const PhraseValues& values) {
  const auto table = locale == model::Locale::kVi ? VietnamesePhrases() : EnglishPhrases();
  const auto row = std::ranges::find_if(table, [&](const PhraseRow& r) { return r.topic == topic && r.role == role; });
  if (row == table.end()) return {};
  const auto count = static_cast<std::uint64_t>(std::ranges::count_if(row->texts, [](std::string_view t) { return !t.empty(); }));
  return Fill(row->texts[Mix(seed ^ (static_cast<std::uint64_t>(topic) << 32)) % count], values);
}

}  // namespace speechcoach::scoring
