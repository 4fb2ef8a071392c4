// Who may open the WebSocket.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api/auth/authenticator.h"
#include "api/http/message.h"
#include "api/http/web_socket.h"

namespace speechcoach::api {

// The server's own origin (that of Host), or one of the list, such as "https://school.example".
bool IsAllowedOrigin(std::string_view origin, std::string_view host, const std::vector<std::string>& allowed_origins);

// A browser's origin must be allowed (else 1008); the token comes in the Authorization field or as the subprotocol
// `bearer.TOKEN` (else 4401). `make_handler` answers null where the user or the address has too many connections (1008). May
// block on the database.
UpgradeAnswer AnswerUpgrade(const Request& request, Authenticator& authenticator, const std::vector<std::string>& allowed_origins,
                            const std::function<std::shared_ptr<WebSocketHandler>(std::int64_t user_id)>& make_handler);

}  // namespace speechcoach::api
