// WebSocket frames (RFC 6455) between a server and its client.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/web_socket.h"

namespace speechcoach::api {

enum class Opcode : std::uint8_t { kContinuation = 0, kText = 1, kBinary = 2, kClose = 8, kPing = 9, kPong = 10 };

// A message, whole, or a control frame; or what cannot be read past.
struct ClientFrame {
  Opcode opcode = Opcode::kText;
  bool is_packed = false;           // by permessage-deflate
  std::span<std::uint8_t> payload;  // unmasked; a text's is not checked yet
  std::optional<CloseCode> fault;   // to close with; no further frame can be read
};

// Takes frames from bytes as they come, however they are cut. Holds nothing between messages, and of one that came only in part
// what came. One thread at a time.
class FrameReader {
 public:
  // `max_bytes`: of one message as it comes. `may_be_packed`: permessage-deflate was agreed on.
  FrameReader(std::size_t max_bytes, bool may_be_packed) : max_bytes_(max_bytes), may_be_packed_(may_be_packed) {}

  // What is taken leaves the front of `bytes`; it is unmasked in place. The payload lies in `bytes`, or here until the next call.
  // Nothing: all was taken, and no message is complete.
  std::optional<ClientFrame> Next(std::span<std::uint8_t>& bytes);

 private:
  static constexpr std::size_t kMaxHeadBytes = 14;

  // False where the head is not complete yet.
  bool TakeHead(std::span<std::uint8_t>& bytes);
  std::optional<CloseCode> BeginFrame();
  std::size_t HeadSize() const;
  bool is_control() const { return (head_[0] & 0x08) != 0; }
  bool is_final() const { return (head_[0] & 0x80) != 0; }

  const std::size_t max_bytes_;
  const bool may_be_packed_;
  bool is_in_payload_ = false;
  bool is_in_message_ = false;     // between its first fragment and its last
  bool is_lent_ = false;           // what is in `message_` or `control_` was handed out
  bool is_packed_ = false;         // the message under way
  Opcode opcode_ = Opcode::kText;  // of it
  std::uint8_t head_filled_ = 0;
  std::array<std::uint8_t, kMaxHeadBytes> head_{};
  std::array<std::uint8_t, 4> mask_{};
  std::uint64_t left_ = 0;             // of the payload
  std::vector<std::uint8_t> message_;  // what came before of the message, unmasked
  std::vector<std::uint8_t> control_;  // what came before of the control frame
};

// The head of a whole frame to the client.
class FrameHead {
 public:
  FrameHead(Opcode opcode, std::size_t payload_bytes, bool is_packed = false);
  std::string_view view() const { return {reinterpret_cast<const char*>(bytes_.data()), size_}; }

 private:
  std::array<std::uint8_t, 10> bytes_{};
  std::size_t size_ = 2;
};

// The payload of a close frame. `reason`: at most 123 bytes of it.
std::string ClosePayload(CloseCode code, std::string_view reason);

// What to answer a client's close frame with: its own code where it may be sent, otherwise why not.
CloseCode AnswerToClose(std::span<const std::uint8_t> payload);

}  // namespace speechcoach::api
