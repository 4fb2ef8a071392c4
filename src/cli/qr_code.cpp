#include "cli/qr_code.h"

#include <memory>
#include <string_view>

#include <qrencode.h>

namespace speechcoach::cli {
namespace {

constexpr int kQuietModules = 4;
constexpr std::string_view kBlackOnWhite = "\033[30;107m";
constexpr std::string_view kPlain = "\033[0m";

struct Free {
  void operator()(QRcode* code) const { QRcode_free(code); }
};

}  // namespace

std::string QrCodeForTerminal(const std::string& text, bool colours) {
  if (text.empty()) return {};
  const std::unique_ptr<QRcode, Free> code(QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M));
  if (!code) return {};
  const int width = code->width;
  const auto is_dark = [&](int row, int column) {
    return row >= 0 && row < width && column >= 0 && column < width && (code->data[row * width + column] & 1) != 0;
  };
  std::string drawn;
  for (int row = -kQuietModules; row < width + kQuietModules; row += 2) {
    if (colours) drawn += kBlackOnWhite;
    for (int column = -kQuietModules; column < width + kQuietModules; ++column) {
      const bool upper = is_dark(row, column);
      const bool lower = is_dark(row + 1, column);
      drawn += upper ? (lower ? "█" : "▀") : (lower ? "▄" : " ");
    }
    if (colours) drawn += kPlain;
    drawn += '\n';
  }
  return drawn;
}

}  // namespace speechcoach::cli
