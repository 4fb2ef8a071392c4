#include "api/http/web_socket_handshake.h"

#include <array>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "api/base64.h"

namespace speechcoach::api {
namespace {

constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
constexpr std::size_t kKeyBytes = 16;
constexpr std::size_t kDigestBytes = 20;  // of SHA-1, which only shows here that the server has understood

std::string AcceptKey(std::string_view key) {
  const std::string text = std::string(key).append(kGuid);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha1(), nullptr);
  std::array<unsigned char, 4 * ((kDigestBytes + 2) / 3) + 1> base64{};
  const int size = EVP_EncodeBlock(base64.data(), digest.data(), kDigestBytes);
  return {reinterpret_cast<const char*>(base64.data()), static_cast<std::size_t>(size)};
}

}  // namespace

int HandshakeRefusal(const Headers& headers) {
  const std::string_view version = headers.Get("Sec-WebSocket-Version");
  if (!version.empty() && version != kWebSocketVersion) return 426;
  const auto key = DecodeBase64(headers.Get("Sec-WebSocket-Key"));
  return !version.empty() && key && key->size() == kKeyBytes && headers.Has("Host") ? 0 : 400;
}

std::string HandshakeAnswer(std::string_view key, std::string_view subprotocol, std::string_view extensions) {
  std::string answer =
      fmt::format("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {}\r\n",
                  AcceptKey(key));
  if (!subprotocol.empty()) answer += fmt::format("Sec-WebSocket-Protocol: {}\r\n", subprotocol);
  if (!extensions.empty()) answer += fmt::format("Sec-WebSocket-Extensions: {}\r\n", extensions);
  return answer += "Server: speechcoach\r\n\r\n";
}

}  // namespace speechcoach::api
