#include "api/base64.h"

#include <array>
#include <cstddef>

namespace speechcoach::api {
namespace {

constexpr std::uint8_t kNone = 0xff;
using Alphabet = std::array<std::uint8_t, 256>;

constexpr Alphabet MakeAlphabet(char value_62, char value_63) {
  Alphabet values{};
  values.fill(kNone);
  for (int i = 0; i < 26; ++i) {
    values[static_cast<std::size_t>('A' + i)] = static_cast<std::uint8_t>(i);
    values[static_cast<std::size_t>('a' + i)] = static_cast<std::uint8_t>(26 + i);
  }
  for (int i = 0; i < 10; ++i) values[static_cast<std::size_t>('0' + i)] = static_cast<std::uint8_t>(52 + i);
  values[static_cast<unsigned char>(value_62)] = 62;
  values[static_cast<unsigned char>(value_63)] = 63;
  return values;
}

constexpr Alphabet kStandard = MakeAlphabet('+', '/');
constexpr Alphabet kUrl = MakeAlphabet('-', '_');

std::optional<std::vector<std::uint8_t>> Decode(std::string_view text, const Alphabet& alphabet) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::vector<std::uint8_t> bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const std::uint8_t value = alphabet[static_cast<unsigned char>(c)];
    if (value == kNone) return std::nullopt;
    bits = bits << 6 | value;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes.push_back(static_cast<std::uint8_t>(bits >> held));
    }
  }
  // Bits that no byte takes must be zero: each byte string has one spelling.
  if ((bits & ((1u << held) - 1)) != 0) return std::nullopt;
  return bytes;
}

}  // namespace

std::optional<std::vector<std::uint8_t>> DecodeBase64(std::string_view text) {
  if (text.size() % 4 == 0) {
    for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  }
  return Decode(text, kStandard);
}

std::optional<std::vector<std::uint8_t>> DecodeBase64Url(std::string_view text) { return Decode(text, kUrl); }

}  // namespace speechcoach::api
