#include "text/plain_latin.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace speechcoach::text {
namespace {

// The base letters of U+00C0..U+017F in order; '.' where there is none.
constexpr std::string_view kLatin1AndExtendedA =
    "AAAAAAACEEEEIIIIDNOOOOO.OUUUUY..aaaaaaaceeeeiiiidnooooo.ouuuuy.y"
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIi..JjKkkLlLlLlLlLl"
    "NnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";
static_assert(kLatin1AndExtendedA.size() == 0x180 - 0xC0);

// The base letters of U+1EA0..U+1EF9, the Vietnamese block: pairs of capital and small letter.
constexpr std::string_view kVietnamesePairs = "AAAAAAAAAAAAEEEEEEEEIIOOOOOOOOOOOOUUUUUUUYYYY";
static_assert(kVietnamesePairs.size() * 2 == 0x1EFA - 0x1EA0);

struct Sign {
  char32_t from;
  std::string_view to;
};

constexpr auto kSigns = std::to_array<Sign>(
    {{U'\u2018', "'"},      {U'\u2019', "'"},      {U'\u02BC', "'"},    {U'\u201C', "\""},        {U'\u201D', "\""},
     {U'\u2010', "-"},      {U'\u2011', "-"},      {U'\u2013', " - "},  {U'\u2014', " - "},       {U'\u2212', "-"},
     {U'\u00A3', "\u00A3"}, {U'\u20AC', "\u20AC"}, {U'\u0110', "D"},    {U'\u0111', "d"},         {U'\u01A0', "O"},
     {U'\u01A1', "o"},      {U'\u01AF', "U"},      {U'\u01B0', "u"},    {U'\u00B0', " degrees "}, {U'\u00DF', "ss"},
     {U'\u00BD', " 1/2"},   {U'\u00BC', " 1/4"},   {U'\u00BE', " 3/4"}, {U'\u2153', " 1/3"},      {U'\u2154', " 2/3"}});

std::string Plain(char32_t c) {
  if (c < 0x80) return std::string(1, static_cast<char>(c));
  if (const auto sign = std::ranges::find(kSigns, c, &Sign::from); sign != kSigns.end()) return std::string(sign->to);
  if (c >= 0x300 && c <= 0x36F) return {};  // combining marks
  if (c >= 0xC0 && c < 0x180) {
    const char base = kLatin1AndExtendedA[c - 0xC0];
    return std::string(1, base == '.' ? ' ' : base);
  }
  if (c >= 0x1EA0 && c < 0x1EFA) {
    const char base = kVietnamesePairs[(c - 0x1EA0) / 2];
    return std::string(1, c % 2 == 0 ? base : static_cast<char>(base - 'A' + 'a'));
  }
  return " ";
}

// The next code point, and how many bytes it takes; a byte that begins none stands for itself as U+FFFD.
std::pair<char32_t, std::size_t> Next(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(0);
  const std::size_t length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 0;
  if (length == 1) return {first, 1};
  if (length == 0 || text.size() < length) return {U'\uFFFD', 1};
  char32_t c = first & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0u) != 0x80u) return {U'\uFFFD', 1};
    c = (c << 6) | (byte(i) & 0x3Fu);
  }
  return {c, length};
}

}  // namespace

std::string ToPlainLatin(std::string_view utf8) {
  std::string plain;
  plain.reserve(utf8.size());
  while (!utf8.empty()) {
    const auto [c, length] = Next(utf8);
    plain += Plain(c);
    utf8.remove_prefix(length);
  }
  return plain;
}

}  // namespace speechcoach::text
