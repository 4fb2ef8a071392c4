#include "scoring/internal/wording.h"

#include <algorithm>
#include <charconv>

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

bool Contains(const std::vector<std::string>& ids, const std::string& id) { return std::ranges::find(ids, id) != ids.end(); }

}  // namespace

Wording::Wording(const PhraseBook& book, Audience audience, std::uint64_t seed, std::span<const std::string> avoid)
    : book_(book), audience_(audience), seed_(seed), avoid_(avoid.begin(), avoid.end()) {}

std::string Wording::Of(Role role, Topic topic, const PhraseValues& values) {
  std::vector<const Phrase*> suitable;
  for (const Phrase& phrase : book_.Of(topic, role)) {
    if (phrase.audience == Audience::kEverybody || phrase.audience == audience_) suitable.push_back(&phrase);
  }
  if (suitable.empty()) return {};
  const auto without = [](const std::vector<const Phrase*>& phrases, const std::vector<std::string>& ids) {
    std::vector<const Phrase*> rest;
    std::ranges::copy_if(phrases, std::back_inserter(rest), [&](const Phrase* phrase) { return !Contains(ids, phrase->id); });
    return rest.empty() ? phrases : rest;
  };
  const std::vector<const Phrase*> fresh = without(without(suitable, avoid_), used_);
  const std::uint64_t key = static_cast<std::uint64_t>(topic) << 32 | static_cast<std::uint64_t>(role) << 16 | used_.size();
  const Phrase& phrase = *fresh[Mix(seed_ ^ key) % fresh.size()];
  used_.push_back(phrase.id);
  return Fill(phrase.text, values);
}

void StableHash::Add(std::string_view text) {
  for (const char c : text) value_ = (value_ ^ static_cast<unsigned char>(c)) * 0x100000001b3;
}

std::string OneDecimal(double value, model::Locale locale) {
  char buffer[64];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed, 1);
  std::string text(buffer, error == std::errc{} ? end : buffer);
  if (locale == model::Locale::kEn) return text;
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  std::ranges::replace(text, '.', ',');
  return text;
}

}  // namespace speechcoach::scoring
