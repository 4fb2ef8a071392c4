// The one file that instantiates Boost.Beast; everything else sees http_server.h and web_socket.h.
#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <ctime>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include "api/http/http_server.h"
#include "api/http/message_packer.h"
#include "api/http/stream.h"
#include "api/http/text.h"
#include "api/http/web_socket_frames.h"
#include "api/http/web_socket_handshake.h"
#include "base/id.h"
#include "base/log.h"
#include "base/utf8.h"

namespace speechcoach::api {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using boost::system::error_code;
using RequestBody = http::vector_body<std::uint8_t>;
using RequestParser = http::request_parser<RequestBody>;
// A connection stays on one thread with an event loop of its own: nothing is locked between its operations.
using Executor = asio::io_context::executor_type;
using Socket = Stream::Socket;
using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;
template <typename T>
using Task = asio::awaitable<T, Executor>;
constexpr asio::use_awaitable_t<Executor> kAwait{};

constexpr std::size_t kMaxHeaderBytes = 16 * 1024;
constexpr std::size_t kReadBytes = 16 * 1024;
constexpr std::size_t kFrameBytes = 32 * 1024;            // read from a WebSocket at once
constexpr std::size_t kDecryptedBytes = 4 * 1024;         // through TLS
constexpr std::size_t kSmallBodyBytes = 64 * 1024;        // not counted against the bytes in flight
constexpr std::size_t kMaxDrainBytes = 32 * 1024 * 1024;  // of a refused body, so that the client can finish and read the answer
constexpr std::chrono::seconds kDrainTimeout{10};
constexpr std::size_t kMaxQueuedBytes = 4 * 1024 * 1024;  // to one WebSocket
constexpr std::chrono::seconds kCloseTimeout{5};
constexpr std::chrono::seconds kSweepInterval{1};
constexpr int kUnpackedInARow = 2;
constexpr std::size_t kMaxClosingBytes = 64 * 1024;  // read for the client's goodbye
constexpr int kMaxControlFrames = 1000;              // between two sweeps; messages are counted where they are served
constexpr std::size_t kBodyBytesPerSecond = 16 * 1024;
constexpr std::uint8_t kTlsHandshake = 0x16;  // a TLS client's first byte (RFC 8446, 5.1); no HTTP request begins with it
constexpr std::chrono::seconds kTlsGoodbyeTimeout{1};

std::string HttpDate() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[64];
  return std::string(text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc));
}

// An id from the client is kept where it is harmless in a log.
std::string RequestId(std::string_view sent) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  };
  if (!sent.empty() && sent.size() <= 64 && std::ranges::all_of(sent, is_plain)) return std::string(sent);
  return base::NewUuid();
}

class Connection {
 public:
  virtual ~Connection() = default;
  virtual void Drain() = 0;   // end as soon as what is under way is answered
  virtual void CutOff() = 0;  // end now
};

// What is looked at from time to time.
class Swept {
 public:
  virtual ~Swept() = default;
  virtual void Sweep() = 0;
};

// The connections there are, so that Stop can end them and wait for them.
class Connections {
 public:
  explicit Connections(std::size_t max) : max_(max) {}

  bool Add(const std::shared_ptr<Connection>& connection) {
    const std::lock_guard lock(mutex_);
    if (is_closed_ || open_.size() >= max_) return false;
    open_.emplace(connection.get(), connection);
    return true;
  }
  void Remove(Connection* connection) {
    const std::lock_guard lock(mutex_);
    open_.erase(connection);
    if (open_.empty()) emptied_.notify_all();
  }
  // The same connection goes on as another object.
  void Replace(Connection* from, const std::shared_ptr<Connection>& to) {
    const std::lock_guard lock(mutex_);
    open_.erase(from);
    open_.emplace(to.get(), to);
    if (is_closed_) to->Drain();
  }
  void CloseAll() {
    for (const auto& connection : All(true)) connection->Drain();
  }
  void CutOffAll() {
    for (const auto& connection : All(true)) connection->CutOff();
  }
  bool WaitUntilNone(std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    return emptied_.wait_for(lock, timeout, [this] { return open_.empty(); });
  }

 private:
  std::vector<std::shared_ptr<Connection>> All(bool close) {
    const std::lock_guard lock(mutex_);
    is_closed_ = is_closed_ || close;
    std::vector<std::shared_ptr<Connection>> all;
    for (const auto& [key, connection] : open_) {
      if (auto alive = connection.lock()) all.push_back(std::move(alive));
    }
    return all;
  }

  const std::size_t max_;
  std::mutex mutex_;
  std::condition_variable emptied_;
  bool is_closed_ = false;
  std::map<Connection*, std::weak_ptr<Connection>> open_;
};

// One thread with the connections that are served on it.
class IoThread {
 public:
  void Start() {
    asio::co_spawn(executor(), Sweep(), asio::detached);
    thread_ = std::thread([this] { Run(); });
  }
  void Stop() {
    {
      const std::lock_guard lock(mutex_);
      is_stopped_ = true;
    }
    context_.stop();
    if (thread_.joinable()) thread_.join();
    // What was never run may hold connections, which hold this.
    std::vector<std::function<void()>> left;
    const std::lock_guard lock(mutex_);
    left.swap(posted_);
  }

  // Swept from its thread once every kSweepInterval, until it is unwatched, which it must not be within a sweep. On that thread.
  void Watch(Swept& watched) { watched_.insert(&watched); }
  void Unwatch(Swept& watched) { watched_.erase(&watched); }

  // What is read lies here until the next reading of any connection of the thread. On that thread.
  std::span<std::uint8_t> buffer() { return buffer_; }
  MessagePacker& packer() { return packer_; }

  Executor executor() { return context_.get_executor(); }
  bool IsHere() { return executor().running_in_this_thread(); }

  // Runs `task` there, in the order of the calls, never within this call. The loop is woken once for all that come together.
  void Post(std::function<void()> task) {
    {
      const std::lock_guard lock(mutex_);
      if (is_stopped_) return;
      posted_.push_back(std::move(task));
      if (posted_.size() > 1) return;
    }
    asio::post(context_, [this] { RunPosted(); });
  }

  // As Post, but at once where the caller is there already.
  template <typename Action>
  void Do(Action&& action) {
    if (IsHere()) return action();
    Post(std::forward<Action>(action));
  }

 private:
  void Run() {
    const auto kept_busy = asio::make_work_guard(context_);
    while (true) {
      try {
        context_.run();
        return;
      } catch (const std::exception& fault) {
        base::Log(base::LogLevel::kError, "connection failed", {{"reason", fault.what()}});
      }
    }
  }

  Task<void> Sweep() {
    Timer next(executor());
    while (true) {
      error_code fault;
      next.expires_after(kSweepInterval);
      co_await next.async_wait(asio::redirect_error(kAwait, fault));
      for (Swept* watched : watched_) SweepOne(*watched);
    }
  }

  static void SweepOne(Swept& watched) {
    try {
      watched.Sweep();
    } catch (const std::exception& fault) {
      base::Log(base::LogLevel::kError, "connection failed", {{"reason", fault.what()}});
    }
  }

  void RunPosted() {
    std::vector<std::function<void()>> tasks;
    {
      const std::lock_guard lock(mutex_);
      tasks.swap(posted_);
    }
    for (std::function<void()>& task : tasks) {
      try {
        std::exchange(task, {})();
      } catch (const std::exception& fault) {
        base::Log(base::LogLevel::kError, "connection failed", {{"reason", fault.what()}});
      }
    }
  }

  std::vector<std::uint8_t> buffer_ = std::vector<std::uint8_t>(kFrameBytes);
  MessagePacker packer_;
  std::unordered_set<Swept*> watched_;
  asio::io_context context_{1};
  std::mutex mutex_;
  std::vector<std::function<void()>> posted_;
  bool is_stopped_ = false;
  std::thread thread_;
};

// Every connection holds it, so that whatever outlives the server still has an executor to refer to.
struct Shared {
  Shared(const HttpServerOptions& server_options, HttpApplication& app)
      : options(server_options), application(app), connections(server_options.max_connections) {
    for (int i = 0; i < options.io_threads; ++i) threads.push_back(std::make_unique<IoThread>());
  }

  std::vector<std::unique_ptr<IoThread>> threads;
  HttpServerOptions options;
  HttpApplication& application;
  Connections connections;
  std::atomic<std::size_t> body_bytes_in_flight = 0;
  std::optional<asio::ssl::context> tls;
};

// TLS 1.2 and newer. Throws where the identity cannot be used.
asio::ssl::context ContextOf(const TlsIdentity& identity) {
  asio::ssl::context context(asio::ssl::context::tls_server);
  context.set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1);
  context.use_certificate_chain(asio::buffer(identity.certificates));
  context.use_private_key(asio::buffer(identity.private_key), asio::ssl::context::pem);
  return context;
}

// Part of the bytes in flight, given back when it goes away.
class BodyBudget {
 public:
  explicit BodyBudget(Shared& shared) : shared_(shared) {}
  ~BodyBudget() { shared_.body_bytes_in_flight -= taken_; }
  BodyBudget(const BodyBudget&) = delete;
  BodyBudget& operator=(const BodyBudget&) = delete;

  bool Take(std::size_t bytes) {
    if (bytes <= kSmallBodyBytes) return true;
    if ((shared_.body_bytes_in_flight += bytes) > shared_.options.max_body_bytes_in_flight) {
      shared_.body_bytes_in_flight -= bytes;
      return false;
    }
    taken_ = bytes;
    return true;
  }

 private:
  Shared& shared_;
  std::size_t taken_ = 0;
};

// However a connection's coroutine ended, the connection is put away.
template <typename SomeConnection>
void EndOf(SomeConnection& connection, const std::exception_ptr& fault) {
  try {
    if (fault) std::rethrow_exception(fault);
  } catch (const std::exception& thrown) {
    base::Log(base::LogLevel::kError, "connection failed", {{"reason", thrown.what()}});
  }
  connection.End();
}

// One learner's WebSocket. It holds what came in part of a message, and what the client has not read yet: mostly nothing. Reading goes through a
// buffer that the thread has once.
class WebSocketConnection final : public Connection,
                                  public Swept,
                                  public WebSocketPeer,
                                  public std::enable_shared_from_this<WebSocketConnection> {
 public:
  WebSocketConnection(std::shared_ptr<Shared> shared, IoThread& io, Stream stream, bool is_packed)
      : shared_(std::move(shared)),
        io_(io),
        stream_(std::move(stream)),
        reader_(shared_->options.max_frame_bytes, is_packed),
        is_packed_(is_packed),
        resumed_(stream_.get_executor()) {}

  // `response`: the server's part of the handshake. `early`: what the client sent without waiting for it.
  void Open(std::string response, std::vector<std::uint8_t> early, UpgradeAnswer answer) {
    error_code ignored;
    stream_.expires_never();
    stream_.socket().non_blocking(true, ignored);
    rest_ = std::move(early);
    is_open_ = true;
    io_.Watch(*this);
    Put(std::exchange(response, {}), {});
    if (!answer.handler) return StartClose(answer.code, answer.reason);
    handler_ = std::move(answer.handler);
    handler_->OnOpen(shared_from_this());
    if (is_draining_) SayGoodbye();
  }

  // Runs on the connection's thread until the connection is over.
  Task<void> Read() {
    const auto self = shared_from_this();
    error_code fault;
    while (true) {
      while (pauses_ > 0 && !is_closing_) {
        resumed_.expires_at(Timer::time_point::max());
        co_await resumed_.async_wait(asio::redirect_error(kAwait, fault));
      }
      if (!rest_.empty()) {
        // Others have their turn between what is long to unpack.
        co_await asio::post(stream_.get_executor(), kAwait);
        std::vector<std::uint8_t> kept = std::exchange(rest_, {});
        TakeIn(kept);
        continue;
      }
      std::span<std::uint8_t> into = io_.buffer();
      std::size_t size = 0;
      if (stream_.is_plain()) {
        co_await stream_.socket().async_wait(Socket::wait_read, asio::redirect_error(kAwait, fault));
        if (fault) co_return;
        size = stream_.socket().read_some(asio::buffer(into.data(), into.size()), fault);
        if (fault == asio::error::would_block) continue;
      } else {
        // What TLS reads cannot be waited for without a place to put it.
        decrypted_.resize(kDecryptedBytes);
        into = decrypted_;
        size = co_await stream_.async_read_some(asio::buffer(into.data(), into.size()), asio::redirect_error(kAwait, fault));
      }
      if (fault) co_return;
      silent_sweeps_ = 0;
      if (is_closing_ && (closing_bytes_ += size) > kMaxClosingBytes) HearNoMore();
      TakeIn(into.first(size));
    }
  }

  void End() {
    is_open_ = false;
    is_closing_ = true;
    io_.Unwatch(*this);
    stream_.close();
    if (handler_) handler_->OnClosed();
    handler_.reset();
    shared_->connections.Remove(this);
  }

  void Send(std::string text) override {
    if (io_.IsHere()) return Say(text);
    io_.Post([self = shared_from_this(), text = std::move(text)] { self->Say(text); });
  }

  void SendUnlessBehind(std::string text) override {
    io_.Do([self = shared_from_this(), text = std::move(text)] {
      if (self->writing_.empty()) self->Say(text);
    });
  }

  void Close(CloseCode code, std::string reason) override {
    io_.Do([self = shared_from_this(), code, reason = std::move(reason)] { self->StartClose(code, reason); });
  }

  void Post(std::function<void()> task) override { io_.Post(std::move(task)); }

  void PauseReading() override {
    io_.Do([self = shared_from_this()] { ++self->pauses_; });
  }

  void ResumeReading() override {
    io_.Do([self = shared_from_this()] {
      if (--self->pauses_ == 0) self->resumed_.cancel();
    });
  }

  void Drain() override {
    Post([self = shared_from_this()] {
      self->is_draining_ = true;
      if (self->handler_) self->SayGoodbye();
    });
  }

  void CutOff() override {
    Post([self = shared_from_this()] { self->Cut(); });
  }

  void Sweep() override {
    const auto timeout = static_cast<int>(shared_->options.web_socket_timeout / kSweepInterval);
    control_frames_ = 0;
    if (is_closing_) {
      if (++closing_sweeps_ > kCloseTimeout / kSweepInterval) Cut();
      return;
    }
    // A client that is not read from is not silent.
    if (pauses_ > 0) return;
    if (++silent_sweeps_ > timeout) return Cut();
    if (silent_sweeps_ == timeout / 2) PutFrame(Opcode::kPing, {});
  }

 private:
  // Serves what is complete in `bytes` and keeps what the handler is not ready for.
  void TakeIn(std::span<std::uint8_t> bytes) {
    int unpacked = 0;
    while (!is_deaf_ && unpacked < kUnpackedInARow && (pauses_ == 0 || is_closing_)) {
      const std::optional<ClientFrame> frame = reader_.Next(bytes);
      if (!frame) return;
      Serve(*frame);
      if (frame->is_packed) ++unpacked;
    }
    if (!is_deaf_) rest_.assign(bytes.begin(), bytes.end());
  }

  void Serve(const ClientFrame& frame) {
    if (frame.fault) {
      StartClose(*frame.fault, {});
      return HearNoMore();
    }
    const bool is_message = frame.opcode == Opcode::kText || frame.opcode == Opcode::kBinary;
    if (!is_message && ++control_frames_ > kMaxControlFrames) StartClose(CloseCode::kFlood, "too many control frames a second");
    switch (frame.opcode) {
      case Opcode::kPing:
        if (!is_closing_) PutFrame(Opcode::kPong, {reinterpret_cast<const char*>(frame.payload.data()), frame.payload.size()});
        return;
      case Opcode::kPong:
        return;
      case Opcode::kClose:
        StartClose(AnswerToClose(frame.payload), {});
        return HearNoMore();
      default:
        if (handler_ && !is_closing_) Hand(frame);
    }
  }

  void Hand(const ClientFrame& frame) {
    std::span<const std::uint8_t> message = frame.payload;
    std::variant<std::vector<std::uint8_t>, CloseCode> unpacked;
    if (frame.is_packed) {
      unpacked = io_.packer().Unpack(message, shared_->options.max_frame_bytes);
      if (const auto* fault = std::get_if<CloseCode>(&unpacked)) return StartClose(*fault, {});
      message = std::get<0>(unpacked);
    }
    if (frame.opcode == Opcode::kBinary) return handler_->OnBinary(message);
    const std::string_view text(reinterpret_cast<const char*>(message.data()), message.size());
    if (!base::IsValidUtf8(text)) return StartClose(CloseCode::kBadText, {});
    handler_->OnText(text);
  }

  void Say(const std::string& text) {
    if (!is_open_ || is_closing_) return;
    if (is_packed_ && text.size() >= kLeastPackedMessageBytes) {
      PutFrame(Opcode::kText, io_.packer().Pack(text), true);
    } else {
      PutFrame(Opcode::kText, text);
    }
  }

  void PutFrame(Opcode opcode, std::string_view payload, bool is_packed = false) {
    const FrameHead head(opcode, payload.size(), is_packed);
    Put(head.view(), payload);
    if (is_closing_ || writing_.size() + waiting_.size() <= kMaxQueuedBytes) return;
    waiting_ = {};
    StartClose(CloseCode::kBusy, "slow consumer");
  }

  // Leaves at once, or behind what waits; what the socket takes is not copied.
  void Put(std::string_view head, std::string_view payload) {
    std::size_t written = 0;
    if (writing_.empty() && stream_.is_plain()) {
      const std::array<asio::const_buffer, 2> parts{asio::buffer(head), asio::buffer(payload)};
      error_code fault;
      written = stream_.socket().write_some(parts, fault);
      if (fault && fault != asio::error::would_block) return Cut();
      if (written == head.size() + payload.size()) return;
    }
    std::string& behind = writing_.empty() ? writing_ : waiting_;
    const bool begins = writing_.empty();
    behind.append(head.substr(std::min(written, head.size())));
    behind.append(payload.substr(written - std::min(written, head.size())));
    if (begins) WriteOn();
  }

  void WriteOn() {
    asio::async_write(stream_, asio::buffer(writing_),
                      [self = shared_from_this()](error_code fault, std::size_t) { self->OnWritten(fault); });
  }

  void OnWritten(error_code fault) {
    writing_ = std::exchange(waiting_, {});
    if (fault) return Cut();
    if (!writing_.empty()) return WriteOn();
    if (is_deaf_) EndSending();
  }

  // The client has said its last word: once ours has left too it may hang up, which ends the reading.
  void HearNoMore() {
    is_deaf_ = true;
    rest_ = {};
    if (writing_.empty()) EndSending();
  }

  void EndSending() {
    error_code ignored;
    stream_.socket().shutdown(Socket::shutdown_send, ignored);
  }

  void StartClose(CloseCode code, std::string_view reason) {
    if (!is_open_ || is_closing_) return;
    is_closing_ = true;
    PutFrame(Opcode::kClose, ClosePayload(code, reason));
    resumed_.cancel();
  }

  void SayGoodbye() {
    handler_->OnGoingAway();
    Post([self = shared_from_this()] { self->StartClose(CloseCode::kGoingAway, "the server stops"); });
  }

  void Cut() {
    is_closing_ = true;
    is_open_ = false;
    resumed_.cancel();
    stream_.close();
  }

  const std::shared_ptr<Shared> shared_;
  IoThread& io_;  // part of shared_
  Stream stream_;
  std::shared_ptr<WebSocketHandler> handler_;
  FrameReader reader_;
  const bool is_packed_;
  Timer resumed_;                        // cancelled to wake a paused reader
  std::vector<std::uint8_t> rest_;       // came while the handler was not ready
  std::vector<std::uint8_t> decrypted_;  // empty without TLS
  std::string writing_;                  // not all taken by the socket yet
  std::string waiting_;                  // whole frames behind it
  bool is_open_ = false;
  bool is_closing_ = false;
  bool is_deaf_ = false;  // nothing more is read but the end
  bool is_draining_ = false;
  int pauses_ = 0;
  int silent_sweeps_ = 0;
  int closing_sweeps_ = 0;
  int control_frames_ = 0;         // since the last sweep
  std::size_t closing_bytes_ = 0;  // came since we said goodbye
};

// A socket for both versions of IP names an IPv4 client ::ffff:a.b.c.d (RFC 4291, 2.5.5.2).
bool IsLoopback(const asio::ip::address& address) {
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address.is_loopback();
  return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).is_loopback();
}

class HttpConnection final : public Connection, public std::enable_shared_from_this<HttpConnection> {
 public:
  HttpConnection(std::shared_ptr<Shared> shared, IoThread& io, Socket socket)
      : shared_(std::move(shared)), io_(io), stream_(std::move(socket)), answered_(stream_.get_executor()) {
    error_code ignored;
    const auto remote = stream_.socket().remote_endpoint(ignored);
    remote_address_ = remote.address().to_string();
    is_local_ = IsLoopback(remote.address());
    stream_.socket().set_option(tcp::no_delay(true), ignored);
  }

  Task<void> Run() {
    const auto self = shared_from_this();
    if (shared_->tls && !co_await OpenSecurely()) co_return;
    while (co_await ServeOne()) {
    }
    if (!is_handed_over_ && !stream_.is_plain()) co_await SayGoodbye();
  }

  void End() {
    if (is_handed_over_) return;
    error_code ignored;
    stream_.socket().shutdown(Socket::shutdown_both, ignored);
    stream_.close();
    shared_->connections.Remove(this);
  }

  void Drain() override {
    io_.Post([self = shared_from_this()] {
      self->is_draining_ = true;
      if (self->is_idle_ && !self->is_handed_over_) self->stream_.cancel();
    });
  }

  void CutOff() override {
    io_.Post([self = shared_from_this()] {
      self->is_draining_ = true;
      self->answered_.cancel();
      if (!self->is_handed_over_) self->stream_.close();
    });
  }

 private:
  // The first byte tells whether the client wants TLS. False: the connection is over.
  Task<bool> OpenSecurely() {
    if (!co_await WaitForRequest()) co_return false;
    if (*static_cast<const std::uint8_t*>(buffer_.cdata().data()) != kTlsHandshake) co_return true;
    Stream::Tls& tls = stream_.BeginTls(*shared_->tls);
    stream_.expires_after(shared_->options.header_timeout);
    error_code fault;
    is_idle_ = true;  // a stop does not wait for it
    const std::size_t used =
        co_await tls.async_handshake(asio::ssl::stream_base::server, buffer_.cdata(), asio::redirect_error(kAwait, fault));
    is_idle_ = false;
    buffer_.consume(used);
    co_return !fault && buffer_.size() == 0;
  }

  // Without it a client cannot tell an answer's end from one that was cut off.
  Task<void> SayGoodbye() {
    error_code ignored;
    stream_.expires_after(kTlsGoodbyeTimeout);
    co_await stream_.tls().async_shutdown(asio::redirect_error(kAwait, ignored));
  }

  // Only a secure page may use the microphone; who serves the machine itself may do without.
  bool IsToComeSecurely() const { return shared_->tls && stream_.is_plain() && !is_local_; }

  static Response SecureAddress(const Request& request, std::string_view target) {
    const std::string_view host = request.headers.Get("Host");
    Response response{host.empty() ? 400 : 308};
    if (!host.empty()) response.headers.Set("Location", fmt::format("https://{}{}", host, target));
    return response;
  }

  // One request and its answer. False: the connection is over, or goes on as a WebSocket.
  Task<bool> ServeOne() {
    error_code fault;
    if (!co_await WaitForRequest()) co_return false;

    RequestParser parser;
    parser.header_limit(kMaxHeaderBytes);
    parser.body_limit(boost::none);  // checked below, once it is known what is asked for
    stream_.expires_after(shared_->options.header_timeout);
    co_await http::async_read_header(stream_, buffer_, parser, asio::redirect_error(kAwait, fault));
    const auto request = std::make_shared<Request>();
    request->remote_address = remote_address_;
    if (fault) {
      request->id = base::NewUuid();
      if (fault == http::error::end_of_stream) co_return false;
      int status = 0;
      if (fault == beast::error::timeout) status = 408;
      if (fault == http::error::header_limit || fault == http::error::buffer_overflow) status = 431;
      if (status == 0 && fault.category() == http::make_error_code(http::error::bad_target).category()) status = 400;
      if (status != 0) co_await Refuse(request, status, status != 408);
      co_return false;
    }

    const auto& head = parser.get();
    for (const auto& field : head) request->headers.Add(std::string(field.name_string()), std::string(field.value()));
    request->id = RequestId(request->headers.Get("X-Request-Id"));
    request->method = MethodFromName(std::string_view(head.method_string().data(), head.method_string().size()));
    const std::uint64_t announced = parser.content_length().value_or(0);
    const auto target = ParseTarget({head.target().data(), head.target().size()});
    if (!target) {
      co_await Refuse(request, 400, true);
      co_return false;
    }
    request->path = target->path;
    request->query = target->query;
    if (IsToComeSecurely()) {
      co_await Write(*request, SecureAddress(*request, {head.target().data(), head.target().size()}), 11, false);
      co_return false;
    }

    if (websocket::is_upgrade(head) && shared_->application.IsWebSocketPath(*request)) {
      co_await Upgrade(request);
      co_return false;
    }

    const std::size_t limit = shared_->application.BodyLimit(*request);
    parser.body_limit(limit);
    if (announced > limit) {
      co_await Refuse(request, 413, true);
      co_return false;
    }
    BodyBudget budget(*shared_);
    if (!budget.Take(parser.chunked() ? limit : announced)) {
      co_await Refuse(request, 503, true);
      co_return false;
    }
    const int refusal = co_await ReadBody(parser, limit);
    if (refusal != 0) {
      if (refusal > 0) co_await Refuse(request, refusal, refusal != 408);
      co_return false;
    }
    const bool keep_alive = parser.get().keep_alive();
    const unsigned version = parser.get().version();
    request->body = std::move(parser.get().body());

    std::optional<Response> response;
    stream_.expires_never();
    answered_.expires_at(Timer::time_point::max());
    // Whoever answers late finds the connection gone, and does not keep it.
    shared_->application.Handle(request, Reply([weak = weak_from_this(), &response](Response made) {
                                  const auto self = weak.lock();
                                  if (!self) return;
                                  const auto answer = std::make_shared<Response>(std::move(made));
                                  self->io_.Post([self, &response, answer] {
                                    if (!self->is_waiting_) return;
                                    response = std::move(*answer);
                                    self->answered_.cancel();
                                  });
                                }));
    co_await WaitForAnswer(response);
    if (!response) co_return false;
    co_return co_await Write(*request, *response, version, keep_alive && !is_draining_);
  }

  // Between requests a connection may be silent for long; within one it may not.
  Task<bool> WaitForRequest() {
    if (buffer_.size() > 0) co_return true;
    if (is_draining_) co_return false;
    error_code fault;
    is_idle_ = true;
    stream_.expires_after(is_first_ ? shared_->options.header_timeout : shared_->options.keep_alive_timeout);
    const std::size_t length = co_await stream_.async_read_some(buffer_.prepare(kReadBytes), asio::redirect_error(kAwait, fault));
    is_idle_ = false;
    is_first_ = false;
    buffer_.commit(length);
    co_return !fault;
  }

  // 0: read; otherwise the status of the refusal, or -1 where the client is gone.
  Task<int> ReadBody(RequestParser& parser, std::size_t limit) {
    error_code fault;
    if (EqualIgnoringCase(std::string_view(parser.get()[http::field::expect].data(), parser.get()[http::field::expect].size()),
                          "100-continue")) {
      http::response<http::empty_body> go_on{http::status::continue_, 11};
      stream_.expires_after(shared_->options.write_stall_timeout);
      co_await http::async_write(stream_, go_on, asio::redirect_error(kAwait, fault));
      if (fault) co_return -1;
    }
    const auto end =
        std::chrono::steady_clock::now() + std::chrono::minutes(1) + std::chrono::seconds(limit / kBodyBytesPerSecond);
    while (!parser.is_done()) {
      if (std::chrono::steady_clock::now() > end) co_return 408;
      stream_.expires_after(shared_->options.body_stall_timeout);
      co_await http::async_read_some(stream_, buffer_, parser, asio::redirect_error(kAwait, fault));
      if (fault == http::error::body_limit) co_return 413;
      if (fault == beast::error::timeout) co_return 408;
      if (fault && fault.category() == http::make_error_code(http::error::bad_chunk).category() &&
          fault != http::error::partial_message && fault != http::error::end_of_stream) {
        co_return 400;
      }
      if (fault) co_return -1;
    }
    co_return 0;
  }

  Task<void> WaitForAnswer(const std::optional<Response>& response) {
    error_code fault;
    is_waiting_ = true;
    if (!response) co_await answered_.async_wait(asio::redirect_error(kAwait, fault));
    is_waiting_ = false;
  }

  Task<bool> Write(const Request& request, const Response& response, unsigned version, bool keep_alive) {
    const std::string_view body = response.body.view();
    http::response<http::span_body<const char>> message;
    message.version(version);
    message.result(static_cast<unsigned>(response.status));
    for (const auto& [name, value] : response.headers) message.insert(name, value);
    message.set(http::field::date, HttpDate());
    message.set(http::field::server, "speechcoach");
    message.set("X-Request-Id", request.id);
    message.keep_alive(keep_alive);
    const bool has_body = response.status >= 200 && response.status != 204 && response.status != 304;
    if (has_body) message.content_length(body.size());
    if (has_body && request.method != Method::kHead) message.body() = {body.data(), body.size()};
    http::response_serializer<http::span_body<const char>> serializer(message);
    error_code fault;
    while (!serializer.is_done()) {
      stream_.expires_after(shared_->options.write_stall_timeout);
      if (request.method == Method::kHead) {
        co_await http::async_write_header(stream_, serializer, asio::redirect_error(kAwait, fault));
        co_return !fault && keep_alive;
      }
      co_await http::async_write_some(stream_, serializer, asio::redirect_error(kAwait, fault));
      if (fault) co_return false;
    }
    co_return keep_alive;
  }

  // Answers without reading the request, then swallows what the client still sends: a socket closed with unread bytes
  // would take the answer away from it.
  Task<void> Refuse(std::shared_ptr<Request> request, int status, bool drain) {
    Response response = shared_->application.Refuse(*request, status);
    if (status == 426) response.headers.Add("Sec-WebSocket-Version", std::string(kWebSocketVersion));
    co_await Write(*request, response, 11, false);
    error_code fault;
    if (stream_.is_plain()) stream_.socket().shutdown(Socket::shutdown_send, fault);
    if (!drain) co_return;
    stream_.expires_after(kDrainTimeout);
    std::vector<char> sink(kReadBytes);
    for (std::size_t drained = 0; !fault && drained < kMaxDrainBytes;) {
      drained += co_await stream_.async_read_some(asio::buffer(sink), asio::redirect_error(kAwait, fault));
    }
  }

  Task<void> Upgrade(std::shared_ptr<Request> request) {
    if (const int status = HandshakeRefusal(request->headers); status != 0) {
      co_await Refuse(request, status, true);
      co_return;
    }
    std::optional<UpgradeAnswer> answer;
    stream_.expires_never();
    answered_.expires_at(Timer::time_point::max());
    shared_->application.Upgrade(request, [self = shared_from_this(), &answer](UpgradeAnswer made) {
      self->io_.Post([self, &answer, made = std::move(made)] {
        if (!self->is_waiting_) return;
        answer = made;
        self->answered_.cancel();
      });
    });
    error_code fault;
    is_waiting_ = true;
    co_await answered_.async_wait(asio::redirect_error(kAwait, fault));
    is_waiting_ = false;
    if (!answer) co_return;
    const std::string packing = AgreeOnPacking(request->headers.Get("Sec-WebSocket-Extensions"));
    std::string response = HandshakeAnswer(request->headers.Get("Sec-WebSocket-Key"), answer->subprotocol, packing);
    const auto executor = stream_.get_executor();
    const auto connection = std::make_shared<WebSocketConnection>(shared_, io_, std::move(stream_), !packing.empty());
    is_handed_over_ = true;
    shared_->connections.Replace(this, connection);
    const auto* begin = static_cast<const std::uint8_t*>(buffer_.cdata().data());
    std::vector<std::uint8_t> early(begin, begin + buffer_.size());
    asio::co_spawn(
        executor,
        [connection, response = std::move(response), early = std::move(early), answer = std::move(*answer)]() mutable {
          connection->Open(std::move(response), std::move(early), std::move(answer));
          return connection->Read();
        },
        [connection](std::exception_ptr thrown) { EndOf(*connection, thrown); });
  }

  const std::shared_ptr<Shared> shared_;
  IoThread& io_;  // part of shared_
  Stream stream_;
  beast::flat_buffer buffer_;
  Timer answered_;  // cancelled when the answer is there
  std::string remote_address_;
  bool is_local_ = false;
  bool is_first_ = true;
  bool is_idle_ = false;
  bool is_waiting_ = false;
  bool is_draining_ = false;
  bool is_handed_over_ = false;
};

class BeastServer final : public HttpServer {
 public:
  BeastServer(const HttpServerOptions& options, HttpApplication& application)
      : shared_(std::make_shared<Shared>(options, application)), acceptor_(shared_->threads.front()->executor()) {}

  // Throws where the identity cannot be used. Before Listen.
  void UseTls(const TlsIdentity& identity) { shared_->tls.emplace(ContextOf(identity)); }

  ~BeastServer() override { BeastServer::Stop(std::chrono::milliseconds(0)); }

  base::Status Listen() {
    error_code fault;
    asio::ip::basic_resolver<tcp, Executor> resolver(acceptor_.get_executor());
    const auto found = resolver.resolve(shared_->options.host, std::to_string(shared_->options.port),
                                        tcp::resolver::passive | tcp::resolver::numeric_service, fault);
    const auto failed = [&](std::string_view step) {
      return base::Status(base::ErrorCode::kBadConfig, fmt::format("cannot listen on {}:{}: {}: {}", shared_->options.host,
                                                                   shared_->options.port, step, fault.message()));
    };
    if (fault) return failed("address");
    const tcp::endpoint endpoint = found.begin()->endpoint();
    acceptor_.open(endpoint.protocol(), fault);
    if (fault) return failed("socket");
    acceptor_.set_option(asio::socket_base::reuse_address(true), fault);
    acceptor_.bind(endpoint, fault);
    if (fault) return failed("bind");
    acceptor_.listen(asio::socket_base::max_listen_connections, fault);
    if (fault) return failed("listen");
    port_ = acceptor_.local_endpoint(fault).port();
    asio::co_spawn(acceptor_.get_executor(), Accept(), asio::detached);
    for (const auto& thread : shared_->threads) thread->Start();
    return {};
  }

  int port() const override { return port_; }

  void After(std::chrono::milliseconds delay, std::function<void()> task) override {
    auto timer = std::make_shared<Timer>(acceptor_.get_executor(), delay);
    timer->async_wait([timer, task = std::move(task)](error_code fault) {
      if (!fault) task();
    });
  }

  void Stop(std::chrono::milliseconds grace) override {
    if (is_stopped_.exchange(true)) return;
    asio::post(acceptor_.get_executor(), [this] {
      error_code ignored;
      acceptor_.close(ignored);
    });
    shared_->connections.CloseAll();
    if (!shared_->connections.WaitUntilNone(grace)) {
      shared_->connections.CutOffAll();
      // Sockets are closed: their ends only have to be noticed.
      shared_->connections.WaitUntilNone(std::chrono::seconds(2));
    }
    for (const auto& thread : shared_->threads) thread->Stop();
  }

 private:
  Task<void> Accept() {
    while (acceptor_.is_open()) {
      error_code fault;
      IoThread& io = *shared_->threads[accepted_++ % shared_->threads.size()];
      auto socket = co_await acceptor_.async_accept(io.executor(), asio::redirect_error(kAwait, fault));
      if (fault == asio::error::operation_aborted || fault == asio::error::bad_descriptor) co_return;
      if (fault) {
        // Out of descriptors, most likely: a moment later there may be some.
        Timer pause(acceptor_.get_executor(), std::chrono::milliseconds(50));
        co_await pause.async_wait(asio::redirect_error(kAwait, fault));
        continue;
      }
      const auto executor = socket.get_executor();
      const auto connection = std::make_shared<HttpConnection>(shared_, io, std::move(socket));
      if (!shared_->connections.Add(connection)) continue;
      asio::co_spawn(
          executor, [connection] { return connection->Run(); },
          [connection](std::exception_ptr thrown) { EndOf(*connection, thrown); });
    }
  }

  const std::shared_ptr<Shared> shared_;
  Acceptor acceptor_;
  int port_ = 0;
  std::size_t accepted_ = 0;
  std::atomic<bool> is_stopped_ = false;
};

}  // namespace

base::Result<std::unique_ptr<HttpServer>> HttpServer::Start(const HttpServerOptions& options, HttpApplication& application) {
  try {
    auto server = std::make_unique<BeastServer>(options, application);
    try {
      if (options.tls) server->UseTls(*options.tls);
    } catch (const boost::system::system_error& fault) {
      return {base::ErrorCode::kBadConfig, fmt::format("the server's certificate or its key cannot be used: {}", fault.what())};
    }
    if (const base::Status listening = server->Listen(); !listening.ok()) return listening.error();
    return std::unique_ptr<HttpServer>(std::move(server));
  } catch (const std::exception& fault) {
    return {base::ErrorCode::kInternal, fmt::format("HTTP server: {}", fault.what())};
  }
}

}  // namespace speechcoach::api
