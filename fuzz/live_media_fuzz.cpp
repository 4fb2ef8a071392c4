// Any bytes as a recording in a container that still comes in: pieces of a bounded length, the same however the bytes are cut. The first
// byte says into parts of what length.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "audio/media_cutter.h"

namespace {

using speechcoach::audio::MakeMediaCutter;
using speechcoach::audio::MediaPiece;

constexpr double kMaxSeconds = 10.0;
constexpr double kMostSeconds = kMaxSeconds + 0.5;  // with what the decoder allows

void Require(bool holds) {
  if (!holds) std::abort();
}

// Of each piece what is compared. `takes_early`: what has come is taken after each part.
std::vector<MediaPiece> Cut(std::string_view format, std::span<const std::uint8_t> bytes, std::size_t part, bool takes_early) {
  const auto cutter = MakeMediaCutter(format, kMaxSeconds);
  std::vector<MediaPiece> pieces;
  const auto take = [&] {
    while (auto piece = cutter->Take()) {
      Require(piece->new_s > 0.0 && piece->new_s <= kMostSeconds);
      pieces.push_back(std::move(*piece));
    }
  };
  while (!bytes.empty()) {
    const auto next = bytes.first(std::min(part, bytes.size()));
    bytes = bytes.subspan(next.size());
    if (!cutter->Append(next)) return {};
    if (takes_early) take();
  }
  take();
  return pieces;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t part = 16 * (data[0] + std::size_t{1});
  const std::span<const std::uint8_t> bytes{data + 1, size - 1};
  for (const std::string_view format : {"webm_opus", "ogg_opus"}) {
    const auto whole = Cut(format, bytes, size, false);
    const auto cut = Cut(format, bytes, part, false);
    Require(std::ranges::equal(whole, cut, [](const MediaPiece& a, const MediaPiece& b) { return a.bytes == b.bytes && a.new_s == b.new_s; }));
    double total_s = 0.0;
    for (const MediaPiece& piece : Cut(format, bytes, part, true)) total_s += piece.new_s;
    Require(total_s <= kMostSeconds);
  }
  return 0;
}
