// One WebSocket connection, free of any network library.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace speechcoach::api {

enum class CloseCode : std::uint16_t {
  kDone = 1000,
  kGoingAway = 1001,
  kProtocolError = 1002,
  kBadText = 1007,
  kPolicy = 1008,
  kTooBig = 1009,
  kBusy = 1013,
  kUnreadable = 4400,
  kUnauthenticated = 4401,
  kNotAllowed = 4403,
  kIdle = 4408,
  kFlood = 4429,
};

// The other side, as a handler sees it. Thread-safe; none of the calls blocks. Once the connection is closed they do nothing.
class WebSocketPeer {
 public:
  virtual ~WebSocketPeer() = default;

  // Text frames leave in the order of the calls. A client that does not read loses the connection (1013, "slow consumer")
  // when more than a few megabytes wait for it.
  virtual void Send(std::string text) = 0;
  // For what is worth nothing later: dropped where anything still waits to be sent.
  virtual void SendUnlessBehind(std::string text) = 0;
  // Closes once all that was sent before has left. `reason`: at most 123 bytes.
  virtual void Close(CloseCode code, std::string reason) = 0;
  // Runs `task` where the handler's calls run, after those under way.
  virtual void Post(std::function<void()> task) = 0;
  // Takes in no further frame until resumed as often as paused; those already taken in are delivered after it.
  virtual void PauseReading() = 0;
  virtual void ResumeReading() = 0;
};

// The calls of one connection never overlap and run on an I/O thread: they must not block.
class WebSocketHandler {
 public:
  virtual ~WebSocketHandler() = default;

  virtual void OnOpen(std::shared_ptr<WebSocketPeer> peer) = 0;
  virtual void OnText(std::string_view text) = 0;
  virtual void OnBinary(std::span<const std::uint8_t> bytes) = 0;
  virtual void OnGoingAway() = 0;  // the server stops; it closes the connection right after (1001)
  virtual void OnClosed() = 0;     // the last call, however the connection ended
};

// What becomes of an upgrade request. Without a handler the connection is accepted and closed at once with `code`: only so
// a browser learns the reason.
struct UpgradeAnswer {
  std::shared_ptr<WebSocketHandler> handler;
  std::string subprotocol;  // empty: none
  CloseCode code = CloseCode::kPolicy;
  std::string reason;
};

}  // namespace speechcoach::api
