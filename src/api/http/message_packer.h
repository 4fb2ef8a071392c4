// permessage-deflate (RFC 7692) without context takeover: nothing is kept of one message for the next, so that one packer serves
// all connections of a thread and a compressed connection costs no memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "api/http/web_socket.h"

namespace speechcoach::api {

// Shorter messages are not worth it.
inline constexpr std::size_t kLeastPackedMessageBytes = 1024;

// The value of Sec-WebSocket-Extensions that answers the client's; empty where nothing it offers can be taken.
std::string AgreeOnPacking(std::string_view offers);

// One thread at a time. Throws std::bad_alloc where zlib has no memory.
class MessagePacker {
 public:
  MessagePacker();
  ~MessagePacker();

  std::string Pack(std::string_view message);

  // Errors: kTooBig (more than `max_bytes`), kBadText (not packed in this way).
  std::variant<std::vector<std::uint8_t>, CloseCode> Unpack(std::span<const std::uint8_t> packed, std::size_t max_bytes);

 private:
  struct Streams;
  const std::unique_ptr<Streams> streams_;
};

}  // namespace speechcoach::api
