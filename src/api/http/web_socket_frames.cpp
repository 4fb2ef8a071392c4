#include "api/http/web_socket_frames.h"

#include <algorithm>
#include <cstring>

#include "base/utf8.h"

namespace speechcoach::api {
namespace {

constexpr std::size_t kMaxControlBytes = 125;
constexpr std::size_t kMaxReasonBytes = kMaxControlBytes - 2;
constexpr std::uint8_t kFinal = 0x80;
constexpr std::uint8_t kPacked = 0x40;    // RSV1
constexpr std::uint8_t kReserved = 0x30;  // RSV2, RSV3
constexpr std::uint8_t kMasked = 0x80;

std::uint64_t BigEndian(std::span<const std::uint8_t> bytes) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes) value = value << 8 | byte;
  return value;
}

// XORs with the mask, eight bytes at a time; afterwards the mask is that of the byte behind.
void Unmask(std::span<std::uint8_t> bytes, std::array<std::uint8_t, 4>& mask) {
  std::array<std::uint8_t, 8> twice{};
  std::memcpy(twice.data(), mask.data(), 4);
  std::memcpy(twice.data() + 4, mask.data(), 4);
  std::uint64_t wide_mask = 0;
  std::memcpy(&wide_mask, twice.data(), 8);
  if (wide_mask == 0) return;
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, 8);
    word ^= wide_mask;
    std::memcpy(bytes.data() + at, &word, 8);
  }
  for (; at < bytes.size(); ++at) bytes[at] ^= mask[at % 4];
  const auto before = mask;
  for (std::size_t i = 0; i < mask.size(); ++i) mask[i] = before[(bytes.size() + i) % mask.size()];
}

bool IsKnown(Opcode opcode) {
  switch (opcode) {
    case Opcode::kContinuation:
    case Opcode::kText:
    case Opcode::kBinary:
    case Opcode::kClose:
    case Opcode::kPing:
    case Opcode::kPong:
      return true;
  }
  return false;
}

ClientFrame Broken(CloseCode code) {
  ClientFrame frame;
  frame.fault = code;
  return frame;
}

}  // namespace

std::size_t FrameReader::HeadSize() const {
  if (head_filled_ < 2) return 2;
  const int length = head_[1] & ~kMasked & 0xff;
  return 2 + (length == 126 ? 2 : length == 127 ? 8 : 0) + ((head_[1] & kMasked) != 0 ? 4 : 0);
}

bool FrameReader::TakeHead(std::span<std::uint8_t>& bytes) {
  while (head_filled_ < HeadSize()) {
    const std::size_t now = std::min(bytes.size(), HeadSize() - head_filled_);
    if (now == 0) return false;
    std::memcpy(head_.data() + head_filled_, bytes.data(), now);
    head_filled_ = static_cast<std::uint8_t>(head_filled_ + now);
    bytes = bytes.subspan(now);
  }
  return true;
}

std::optional<CloseCode> FrameReader::BeginFrame() {
  const auto opcode = static_cast<Opcode>(head_[0] & 0x0f);
  const bool is_packed = (head_[0] & kPacked) != 0;
  const int length = head_[1] & ~kMasked & 0xff;
  const std::size_t mask_at = HeadSize() - 4;
  if (!IsKnown(opcode) || (head_[0] & kReserved) != 0 || (head_[1] & kMasked) == 0) return CloseCode::kProtocolError;
  left_ = length < 126 ? static_cast<std::uint64_t>(length) : BigEndian(std::span(head_).subspan(2, mask_at - 2));
  // A length stands in as few bytes as it can.
  if ((length == 126 && left_ < 126) || (length == 127 && left_ < 65536)) return CloseCode::kProtocolError;
  std::memcpy(mask_.data(), head_.data() + mask_at, 4);
  if (is_control())
    return is_final() && !is_packed && left_ <= kMaxControlBytes ? std::nullopt : std::optional(CloseCode::kProtocolError);
  const bool is_continued = opcode == Opcode::kContinuation;
  if (is_continued != is_in_message_ || (is_packed && (is_continued || !may_be_packed_))) return CloseCode::kProtocolError;
  if (left_ > max_bytes_ - message_.size()) return CloseCode::kTooBig;
  if (!is_continued) {
    opcode_ = opcode;
    is_packed_ = is_packed;
  }
  is_in_message_ = !is_final();
  return std::nullopt;
}

std::optional<ClientFrame> FrameReader::Next(std::span<std::uint8_t>& bytes) {
  if (is_lent_) {
    control_ = {};
    if (!is_in_message_) message_ = {};
    is_lent_ = false;
  }
  while (true) {
    if (!is_in_payload_) {
      if (!TakeHead(bytes)) return std::nullopt;
      if (const auto fault = BeginFrame()) return Broken(*fault);
      is_in_payload_ = true;
    }
    auto part = bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size())));
    bytes = bytes.subspan(part.size());
    left_ -= part.size();
    Unmask(part, mask_);
    std::vector<std::uint8_t>& before = is_control() ? control_ : message_;
    const bool is_whole = left_ == 0 && (is_control() || is_final());
    if (!is_whole || !before.empty()) {
      before.insert(before.end(), part.begin(), part.end());
      part = before;
    }
    if (left_ > 0) return std::nullopt;
    is_in_payload_ = false;
    head_filled_ = 0;
    if (!is_whole) continue;
    is_lent_ = true;
    if (is_control()) return ClientFrame{static_cast<Opcode>(head_[0] & 0x0f), false, part, std::nullopt};
    return ClientFrame{opcode_, is_packed_, part, std::nullopt};
  }
}

FrameHead::FrameHead(Opcode opcode, std::size_t payload_bytes, bool is_packed) {
  bytes_[0] = static_cast<std::uint8_t>(kFinal | (is_packed ? kPacked : 0) | static_cast<std::uint8_t>(opcode));
  const std::size_t length_bytes = payload_bytes < 126 ? 0 : payload_bytes < 65536 ? 2 : 8;
  bytes_[1] = static_cast<std::uint8_t>(length_bytes == 0 ? payload_bytes : length_bytes == 2 ? 126 : 127);
  for (std::size_t i = 0; i < length_bytes; ++i) {
    bytes_[2 + i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(payload_bytes) >> 8 * (length_bytes - 1 - i));
  }
  size_ = 2 + length_bytes;
}

std::string ClosePayload(CloseCode code, std::string_view reason) {
  const auto number = static_cast<std::uint16_t>(code);
  std::string payload{static_cast<char>(number >> 8), static_cast<char>(number & 0xff)};
  return payload.append(reason.substr(0, kMaxReasonBytes));
}

CloseCode AnswerToClose(std::span<const std::uint8_t> payload) {
  if (payload.empty()) return CloseCode::kDone;
  if (payload.size() == 1) return CloseCode::kProtocolError;
  const auto code = static_cast<std::uint16_t>(BigEndian(payload.first(2)));
  const bool may_be_sent =
      (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006) || (code >= 3000 && code < 5000);
  if (!may_be_sent) return CloseCode::kProtocolError;
  const auto reason = payload.subspan(2);
  if (!base::IsValidUtf8({reinterpret_cast<const char*>(reason.data()), reason.size()})) return CloseCode::kBadText;
  return static_cast<CloseCode>(code);
}

}  // namespace speechcoach::api
