#include "pipeline/vowel_intervals.h"

#include <string_view>

namespace speechcoach::pipeline {
namespace {

constexpr double kPlacedFromMatch = 0.8;

// In ARPAbet these letters begin vowels only.
bool IsVowel(std::string_view phone) {
  return !phone.empty() && std::string_view("AEIOU").find(phone.front()) != std::string_view::npos;
}

}  // namespace

std::vector<prosody::VowelInterval> VowelsIn(const model::PronunciationReport& report) {
  std::vector<prosody::VowelInterval> vowels;
  if (!(report.text_match >= kPlacedFromMatch)) return vowels;
  for (const model::WordResult& word : report.words) {
    if (word.verdict == model::WordVerdict::kOmitted) continue;
    for (const model::PhoneResult& phone : word.phones) {
      if (!IsVowel(phone.phone) || phone.verdict == model::PhoneVerdict::kDeleted || !(phone.end_s > phone.start_s)) continue;
      if (!vowels.empty() && phone.start_s < vowels.back().end_s) continue;
      vowels.push_back({phone.start_s, phone.end_s});
    }
  }
  return vowels;
}

}  // namespace speechcoach::pipeline
