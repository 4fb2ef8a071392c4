#include "base/utf8.h"

#include <cstddef>
#include <cstdint>

namespace speechcoach::base {

bool IsValidUtf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto lead = static_cast<std::uint8_t>(text[at]);
    std::size_t following = 0;
    std::uint32_t smallest = 0;
    std::uint32_t point = lead;
    if (lead >= 0xF0 && lead <= 0xF4) {
      following = 3, smallest = 0x10000, point = lead & 0x07U;
    } else if (lead >= 0xE0 && lead < 0xF0) {
      following = 2, smallest = 0x800, point = lead & 0x0FU;
    } else if (lead >= 0xC2 && lead < 0xE0) {
      following = 1, smallest = 0x80, point = lead & 0x1FU;
    } else if (lead >= 0x80) {
      return false;
    }
    if (text.size() - at <= following) return false;
    for (std::size_t i = 1; i <= following; ++i) {
      const auto byte = static_cast<std::uint8_t>(text[at + i]);
      if ((byte & 0xC0U) != 0x80U) return false;
      point = point << 6 | (byte & 0x3FU);
    }
    if (point < smallest || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return false;
    at += following + 1;
  }
  return true;
}

}  // namespace speechcoach::base
