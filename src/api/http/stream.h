// A connection's bytes: as they come, or through TLS once that was begun. For beast_server.cpp, which instantiates it.
#pragma once

#include <chrono>
#include <cstddef>
#include <type_traits>
#include <utility>
#include <variant>

#include <boost/asio/async_result.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/ssl.hpp>

namespace speechcoach::api {

// An AsyncStream of Asio's. Not thread-safe.
class Stream {
  template <typename Token>
  using Transfer =
      typename boost::asio::async_result<std::decay_t<Token>, void(boost::system::error_code, std::size_t)>::return_type;

 public:
  using executor_type = boost::asio::io_context::executor_type;
  using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, executor_type>;
  using Plain = boost::beast::basic_stream<boost::asio::ip::tcp, executor_type>;
  using Tls = boost::beast::ssl_stream<Plain>;

  explicit Stream(Socket socket) : bytes_(std::in_place_type<Plain>, std::move(socket)) {}

  bool is_plain() const { return std::holds_alternative<Plain>(bytes_); }

  // From here on all bytes go through TLS; its handshake comes next. Once, on a plain stream; `context` outlives the stream.
  Tls& BeginTls(boost::asio::ssl::context& context) {
    Plain plain = std::move(std::get<Plain>(bytes_));
    return bytes_.emplace<Tls>(std::move(plain), context);
  }

  Tls& tls() { return std::get<Tls>(bytes_); }

  // Below TLS.
  Plain& next_layer() {
    if (Plain* plain = std::get_if<Plain>(&bytes_)) return *plain;
    return std::get<Tls>(bytes_).next_layer();
  }
  Socket& socket() { return next_layer().socket(); }
  executor_type get_executor() { return next_layer().get_executor(); }
  void expires_after(std::chrono::nanoseconds time) { next_layer().expires_after(time); }
  void expires_never() { next_layer().expires_never(); }
  void cancel() { next_layer().cancel(); }
  void close() { next_layer().close(); }

  template <typename Buffers, typename Token>
  auto async_read_some(const Buffers& buffers, Token&& token) -> Transfer<Token> {
    return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
        [this](auto&& handler, const Buffers& into) {
          std::visit([&](auto& bytes) { bytes.async_read_some(into, std::forward<decltype(handler)>(handler)); }, bytes_);
        },
        token, buffers);
  }

  template <typename Buffers, typename Token>
  auto async_write_some(const Buffers& buffers, Token&& token) -> Transfer<Token> {
    return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
        [this](auto&& handler, const Buffers& from) {
          std::visit([&](auto& bytes) { bytes.async_write_some(from, std::forward<decltype(handler)>(handler)); }, bytes_);
        },
        token, buffers);
  }

 private:
  std::variant<Plain, Tls> bytes_;
};

}  // namespace speechcoach::api
