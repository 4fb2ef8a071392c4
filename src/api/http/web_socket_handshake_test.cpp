#include "api/http/web_socket_handshake.h"

#include <gtest/gtest.h>

namespace speechcoach::api {
namespace {

Headers Fields(const char* version, const char* key) {
  Headers headers;
  headers.Add("Host", "localhost");
  if (version != nullptr) headers.Add("Sec-WebSocket-Version", version);
  if (key != nullptr) headers.Add("Sec-WebSocket-Key", key);
  return headers;
}

TEST(HandshakeTest, AnswersTheKeyOfTheStandardsExample) {
  EXPECT_EQ(HandshakeAnswer("dGhlIHNhbXBsZSBub25jZQ==", "speechcoach.v1", ""),
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: speechcoach.v1\r\nServer: "
            "speechcoach\r\n\r\n");
}

TEST(HandshakeTest, RefusesOtherVersionsAndWhatIsNoKey) {
  constexpr const char* kKey = "dGhlIHNhbXBsZSBub25jZQ==";
  EXPECT_EQ(HandshakeRefusal(Fields("13", kKey)), 0);
  EXPECT_EQ(HandshakeRefusal(Fields("8", kKey)), 426);
  EXPECT_EQ(HandshakeRefusal(Fields(nullptr, kKey)), 400);
  EXPECT_EQ(HandshakeRefusal(Fields("13", nullptr)), 400);
  EXPECT_EQ(HandshakeRefusal(Fields("13", "c2hvcnQ=")), 400);
  EXPECT_EQ(HandshakeRefusal(Fields("13", "not base64, at all!")), 400);
}

}  // namespace
}  // namespace speechcoach::api
