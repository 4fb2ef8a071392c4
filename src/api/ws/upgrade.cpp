#include "api/ws/upgrade.h"

#include <algorithm>

#include "api/http/text.h"
#include "api/ws/server_message.h"

namespace speechcoach::api {

bool IsAllowedOrigin(std::string_view origin, std::string_view host, const std::vector<std::string>& allowed_origins) {
  const std::size_t scheme = origin.find("://");
  if (scheme == std::string_view::npos) return false;
  if (!host.empty() && EqualIgnoringCase(origin.substr(scheme + 3), host)) return true;
  return std::ranges::any_of(allowed_origins, [&](const std::string& allowed) {
    const std::string_view known = allowed.ends_with('/') ? std::string_view(allowed).substr(0, allowed.size() - 1) : allowed;
    return EqualIgnoringCase(known, origin);
  });
}

UpgradeAnswer AnswerUpgrade(const Request& request, Authenticator& authenticator, const std::vector<std::string>& allowed_origins,
                            const std::function<std::shared_ptr<WebSocketHandler>(std::int64_t user_id)>& make_handler) {
  constexpr std::string_view kTokenPrefix = "bearer.";
  UpgradeAnswer answer;
  std::string_view token;
  for (const std::string_view protocol : SplitList(request.headers.Get("Sec-WebSocket-Protocol"))) {
    if (protocol == kProtocolVersion) answer.subprotocol = protocol;
    if (protocol.starts_with(kTokenPrefix)) token = protocol.substr(kTokenPrefix.size());
  }
  const std::string_view origin = request.headers.Get("Origin");
  if (request.headers.Has("Origin") && !IsAllowedOrigin(origin, request.headers.Get("Host"), allowed_origins)) {
    answer.code = CloseCode::kPolicy;
    answer.reason = "origin not allowed";
    return answer;
  }
  const auto claims =
      token.empty() ? authenticator.CheckHeader(request.headers.Get("Authorization")) : authenticator.Check(token);
  if (!claims.ok()) {
    switch (claims.error().code) {
      case base::ErrorCode::kStorageUnavailable:
        answer.code = CloseCode::kBusy;
        answer.reason = "storage is not available";
        break;
      case base::ErrorCode::kForbidden:
        answer.code = CloseCode::kNotAllowed;
        answer.reason = "not allowed";
        break;
      default:
        answer.code = CloseCode::kUnauthenticated;
        answer.reason = "not authenticated";
    }
    return answer;
  }
  answer.handler = make_handler(claims->user_id);
  if (!answer.handler) {
    answer.code = CloseCode::kPolicy;
    answer.reason = "too many connections";
  }
  return answer;
}

}  // namespace speechcoach::api
