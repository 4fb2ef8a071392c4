#include "base/id.h"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <span>
#include <system_error>

#include <fmt/format.h>

namespace speechcoach::base {
namespace {

void FillRandom(std::span<std::uint8_t> out) {
  std::size_t filled = 0;
  while (filled < out.size()) {
    const ssize_t got = getrandom(out.data() + filled, out.size() - filled, 0);
    if (got > 0) {
      filled += static_cast<std::size_t>(got);
    } else if (errno != EINTR) {
      throw std::system_error(errno, std::generic_category(), "getrandom");
    }
  }
}

}  // namespace

std::string NewUuid() {
  std::array<std::uint8_t, 16> bytes;
  FillRandom(bytes);
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3F) | 0x80);
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += fmt::format("{:02x}", bytes[i]);
  }
  return text;
}

std::string RandomHex(std::size_t bytes) {
  std::string raw(bytes, '\0');
  FillRandom({reinterpret_cast<std::uint8_t*>(raw.data()), raw.size()});
  std::string text;
  for (const char byte : raw) text += fmt::format("{:02x}", static_cast<std::uint8_t>(byte));
  return text;
}

}  // namespace speechcoach::base
