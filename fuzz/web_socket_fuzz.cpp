// Any bytes as a client's side of a WebSocket: the same frames however the bytes are cut, within their limits, and what is unpacked of
// them too. The first byte says into pieces of what length, the second whether messages may be packed.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "api/http/message_packer.h"
#include "api/http/web_socket_frames.h"

namespace {

using namespace speechcoach::api;

constexpr std::size_t kMostMessageBytes = 1000;

struct Frame {
  Opcode opcode;
  bool is_packed;
  std::vector<std::uint8_t> payload;
  std::optional<CloseCode> fault;
  bool operator==(const Frame&) const = default;
};

void Require(bool holds) {
  if (!holds) std::abort();
}

// Ends with a fault, if there is one.
std::vector<Frame> Read(std::span<const std::uint8_t> bytes, std::size_t piece, bool may_be_packed) {
  FrameReader reader(kMostMessageBytes, may_be_packed);
  std::vector<Frame> frames;
  while (!bytes.empty()) {
    const auto cut = bytes.first(std::min(piece, bytes.size()));
    bytes = bytes.subspan(cut.size());
    std::vector<std::uint8_t> part(cut.begin(), cut.end());
    std::span<std::uint8_t> left = part;
    while (const auto frame = reader.Next(left)) {
      if (frame->fault) {
        frames.push_back({Opcode::kClose, false, {}, frame->fault});
        return frames;
      }
      Require(frame->payload.size() <= kMostMessageBytes);
      frames.push_back({frame->opcode, frame->is_packed, {frame->payload.begin(), frame->payload.end()}, std::nullopt});
    }
    Require(left.empty());
  }
  return frames;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t piece = data[0] + std::size_t{1};
  const bool may_be_packed = data[1] % 2 != 0;
  const std::span<const std::uint8_t> bytes{data + 2, size - 2};
  static MessagePacker packer;
  const std::vector<Frame> frames = Read(bytes, size, may_be_packed);
  Require(frames == Read(bytes, piece, may_be_packed));
  for (const Frame& frame : frames) {
    if (frame.opcode == Opcode::kClose) AnswerToClose(frame.payload);
    if (!frame.is_packed) continue;
    Require(may_be_packed);
    const auto unpacked = packer.Unpack(frame.payload, kMostMessageBytes);
    if (const auto* message = std::get_if<0>(&unpacked)) Require(message->size() <= kMostMessageBytes);
  }
  AgreeOnPacking({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  return 0;
}
