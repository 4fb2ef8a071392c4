// For tests: HTTP and WebSocket spoken over a plain socket, so that also what no library would send can be sent.
#pragma once

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <boost/json.hpp>

#include "api/http/text.h"

namespace speechcoach::api {

struct HttpAnswer {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;

  boost::json::object json() const { return boost::json::parse(body).as_object(); }
};

// Throws std::runtime_error where the server closes, or says nothing for half a minute.
class TestClient {
 public:
  // A small `receive_buffer` makes a client that is behind as soon as it does not read.
  explicit TestClient(int port, int receive_buffer = 0) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    if (receive_buffer > 0) ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    const timeval patience{30, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("no connection");
  }
  ~TestClient() { ::close(socket_); }
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;

  void SendRaw(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) throw std::runtime_error("the server closed while it was sent to");
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  void Send(std::string_view method, std::string_view target, std::string_view headers = "", std::string_view body = "") {
    std::string request =
        std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(headers);
    if (!body.empty()) request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    SendRaw(request + "\r\n" + std::string(body));
  }

  HttpAnswer Receive(bool has_body = true) {
    HttpAnswer answer;
    const std::size_t end = ReadUntil("\r\n\r\n");
    std::string_view head = std::string_view(buffer_).substr(0, end);
    answer.status = std::stoi(std::string(head.substr(9, 3)));
    for (std::size_t at = head.find("\r\n"); at != std::string_view::npos && at + 2 < head.size();) {
      const std::size_t next = std::min(head.find("\r\n", at + 2), head.size());
      const std::string_view line = head.substr(at + 2, next - at - 2);
      const std::size_t colon = line.find(':');
      std::string name(line.substr(0, colon));
      for (char& c : name) c = static_cast<char>(std::tolower(c));
      answer.headers[name] = std::string(Trim(line.substr(colon + 1)));
      at = next;
    }
    buffer_.erase(0, end + 4);
    if (has_body && answer.headers.contains("content-length")) answer.body = Take(std::stoul(answer.headers["content-length"]));
    return answer;
  }

  HttpAnswer Ask(std::string_view method, std::string_view target, std::string_view headers = "", std::string_view body = "") {
    Send(method, target, headers, body);
    return Receive(method != "HEAD");
  }

  void EndSending() { ::shutdown(socket_, SHUT_WR); }

  // True where the server has closed the connection and nothing is left to read.
  bool IsClosed() {
    if (!buffer_.empty()) return false;
    char byte = 0;
    return ::recv(socket_, &byte, 1, 0) == 0;
  }

  // The status of the upgrade's answer.
  HttpAnswer Upgrade(std::string_view target, std::string_view headers = "") {
    Send("GET", target,
         "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
         "dGhlIHNhbXBsZSBub25jZQ==\r\n" +
             std::string(headers));
    return Receive(false);
  }

  void SendFrame(int opcode, std::string_view payload) { SendRaw(FrameHead(opcode, payload.size()) + std::string(payload)); }
  // Announces a frame whose payload does not follow.
  void SendFrameHead(int opcode, std::size_t size) { SendRaw(FrameHead(opcode, size)); }
  void SendText(std::string_view text) { SendFrame(1, text); }

  struct Frame {
    int opcode = 0;
    std::string payload;
    int close_code() const {
      return payload.size() < 2 ? 0 : static_cast<unsigned char>(payload[0]) * 256 + static_cast<unsigned char>(payload[1]);
    }
  };
  Frame ReceiveFrame() {
    const std::string head = Take(2);
    std::size_t size = static_cast<unsigned char>(head[1]) & 0x7f;
    const int extra = size == 126 ? 2 : size == 127 ? 8 : 0;
    if (extra > 0) {
      size = 0;
      for (const char c : Take(static_cast<std::size_t>(extra))) size = size << 8 | static_cast<unsigned char>(c);
    }
    return {head[0] & 0x0f, Take(size)};
  }
  // The next text message of that type.
  boost::json::object Await(std::string_view type) {
    while (true) {
      const Frame frame = ReceiveFrame();
      if (frame.opcode == 8) throw std::runtime_error("closed with " + std::to_string(frame.close_code()));
      if (frame.opcode != 1) continue;
      auto message = boost::json::parse(frame.payload).as_object();
      if (message.at("type").as_string() == boost::json::string_view(type.data(), type.size())) return message;
    }
  }
  int AwaitClose() {
    while (true) {
      const Frame frame = ReceiveFrame();
      if (frame.opcode == 8) return frame.close_code();
    }
  }

 private:
  static std::string FrameHead(int opcode, std::size_t size) {
    std::string head{static_cast<char>(0x80 | opcode)};
    if (size < 126) {
      head += static_cast<char>(0x80 | size);
    } else {
      const bool is_short = size < 65536;
      head += static_cast<char>(0x80 | (is_short ? 126 : 127));
      for (int shift = is_short ? 8 : 56; shift >= 0; shift -= 8) head += static_cast<char>(size >> shift & 0xff);
    }
    return head + std::string(4, '\0');  // a mask of zeros changes nothing
  }

  void ReadMore() {
    char bytes[65536];
    const ssize_t length = ::recv(socket_, bytes, sizeof bytes, 0);
    if (length <= 0) throw std::runtime_error("the server closed or said nothing");
    buffer_.append(bytes, static_cast<std::size_t>(length));
  }
  std::size_t ReadUntil(std::string_view mark) {
    while (buffer_.find(mark) == std::string::npos) ReadMore();
    return buffer_.find(mark);
  }
  std::string Take(std::size_t size) {
    while (buffer_.size() < size) ReadMore();
    std::string taken = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return taken;
  }

  int socket_;
  std::string buffer_;
};

}  // namespace speechcoach::api
