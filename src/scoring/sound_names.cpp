#include "scoring/sound_names.h"

#include <algorithm>
#include <array>
#include <utility>

namespace speechcoach::scoring {
namespace {

constexpr auto kNames = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"AA", "ɑː"}, {"AE", "æ"},  {"AH", "ʌ"},  {"AO", "ɔː"},  {"AW", "aʊ"}, {"AY", "aɪ"}, {"B", "b"},  {"CH", "tʃ"},
    {"D", "d"},   {"DH", "ð"},  {"EH", "e"},  {"ER", "ɜːr"}, {"EY", "eɪ"}, {"F", "f"},   {"G", "ɡ"},  {"HH", "h"},
    {"IH", "ɪ"},  {"IY", "iː"}, {"JH", "dʒ"}, {"K", "k"},    {"L", "l"},   {"M", "m"},   {"N", "n"},  {"NG", "ŋ"},
    {"OW", "oʊ"}, {"OY", "ɔɪ"}, {"P", "p"},   {"R", "r"},    {"S", "s"},   {"SH", "ʃ"},  {"T", "t"},  {"TH", "θ"},
    {"UH", "ʊ"},  {"UW", "uː"}, {"V", "v"},   {"W", "w"},    {"Y", "j"},   {"Z", "z"},   {"ZH", "ʒ"},
});

}  // namespace

std::string IpaName(std::string_view arpabet) {
  if (arpabet == "AH0") return "/ə/";
  if (arpabet == "ER0") return "/ər/";
  while (!arpabet.empty() && arpabet.back() >= '0' && arpabet.back() <= '9') arpabet.remove_suffix(1);
  const auto name = std::ranges::find(kNames, arpabet, &std::pair<std::string_view, std::string_view>::first);
  return name == kNames.end() ? std::string() : "/" + std::string(name->second) + "/";
}

}  // namespace speechcoach::scoring
