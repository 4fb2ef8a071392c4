// An HTTP/1.1 and WebSocket server behind a small interface: the network library is instantiated in one file.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "api/http/message.h"
#include "api/http/web_socket.h"
#include "base/result.h"

namespace speechcoach::api {

// PEM. With it the port takes TLS too: connections from elsewhere that come without it are sent to the https address; those of this
// machine may do without.
struct TlsIdentity {
  std::string certificates;  // the server's own first
  std::string private_key;
};

struct HttpServerOptions {
  std::string host;
  int port = 0;  // 0: a free one
  std::optional<TlsIdentity> tls;
  int io_threads = 1;
  std::size_t max_connections = 20'000;                      // further ones are closed at once
  std::size_t max_body_bytes_in_flight = 512 * 1024 * 1024;  // of all requests being read; beyond it 503
  std::size_t max_frame_bytes = 1024 * 1024;                 // one WebSocket message; a longer one closes with 1009
  std::chrono::seconds header_timeout{15};                   // for a request's whole header, and TLS's handshake
  std::chrono::seconds keep_alive_timeout{60};
  std::chrono::seconds body_stall_timeout{15};  // without a byte; the whole body has a minute plus its size at 16 KiB/s
  std::chrono::seconds write_stall_timeout{30};
  std::chrono::seconds web_socket_timeout{60};  // a peer silent this long (pings are sent) is gone
};

// Called on I/O threads; quick, never blocking; they do not throw.
class HttpApplication {
 public:
  virtual ~HttpApplication() = default;

  // The most bytes this request's body may have. Its body is not there yet.
  virtual std::size_t BodyLimit(const Request& head) = 0;
  virtual void Handle(std::shared_ptr<Request> request, Reply reply) = 0;
  // A request that asks for a WebSocket. `answer` is called once, from any thread.
  virtual bool IsWebSocketPath(const Request& head) = 0;
  virtual void Upgrade(std::shared_ptr<Request> request, std::function<void(UpgradeAnswer)> answer) = 0;
  // The answer to what never becomes a request: 400, 408, 413, 426, 431, 503.
  virtual Response Refuse(const Request& head, int status) = 0;
};

// Thread-safe.
class HttpServer {
 public:
  // Listens and serves from then on. `application` outlives the server. kBadConfig where it cannot listen there, or the identity
  // cannot be used.
  static base::Result<std::unique_ptr<HttpServer>> Start(const HttpServerOptions& options, HttpApplication& application);
  virtual ~HttpServer() = default;

  virtual int port() const = 0;

  // Runs `task` on an I/O thread after `delay`; not at all where the server has stopped by then.
  virtual void After(std::chrono::milliseconds delay, std::function<void()> task) = 0;

  // Takes no new connection, closes idle ones and WebSockets, waits at most `grace` for answers under way, cuts off the
  // rest, joins. Idempotent; not from an I/O thread.
  virtual void Stop(std::chrono::milliseconds grace) = 0;
};

}  // namespace speechcoach::api
