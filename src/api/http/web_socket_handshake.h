// How an HTTP request becomes a WebSocket (RFC 6455, 4.2).
#pragma once

#include <string>
#include <string_view>

#include "api/http/message.h"

namespace speechcoach::api {

inline constexpr std::string_view kWebSocketVersion = "13";

// 0 where the fields are those of a client that wants a WebSocket of that version; otherwise the status to refuse with: 426 for
// another version, 400.
int HandshakeRefusal(const Headers& headers);

// The server's side, whole, ready to be sent. `subprotocol` and `extensions` may be empty.
std::string HandshakeAnswer(std::string_view key, std::string_view subprotocol, std::string_view extensions);

}  // namespace speechcoach::api
