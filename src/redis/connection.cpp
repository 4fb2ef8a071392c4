#include "redis/connection.h"

#include <cerrno>
#include <cstdio>
#include <utility>

#include <poll.h>
#include <sys/time.h>

#include <fmt/format.h>
#include <hiredis/hiredis.h>
#include <hiredis/hiredis_ssl.h>

#include "redis/internal/reply_from.h"

namespace speechcoach::redis {
namespace {

constexpr int kKeepAliveS = 15;

struct FreeContext {
  void operator()(redisContext* context) const { redisFree(context); }
};
struct FreeTls {
  void operator()(redisSSLContext* tls) const { redisFreeSSLContext(tls); }
};
struct FreeReply {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using ContextPtr = std::unique_ptr<redisContext, FreeContext>;
using TlsPtr = std::unique_ptr<redisSSLContext, FreeTls>;
using ReplyPtr = std::unique_ptr<redisReply, FreeReply>;

timeval Timeval(int ms) { return {ms / 1000, static_cast<suseconds_t>(ms % 1000) * 1000}; }

base::Error Unavailable(std::string message) { return {base::ErrorCode::kStorageUnavailable, "Redis: " + std::move(message)}; }

const char* OrNull(const std::string& text) { return text.empty() ? nullptr : text.c_str(); }

base::Result<TlsPtr> StartTls(redisContext& context, const TlsOptions& options, const std::string& host) {
  redisInitOpenSSL();
  redisSSLOptions wanted{};
  wanted.cacert_filename = OrNull(options.ca_file);
  wanted.capath = options.ca_file.empty() ? "/etc/ssl/certs" : nullptr;
  wanted.cert_filename = OrNull(options.cert_file);
  wanted.private_key_filename = OrNull(options.key_file);
  wanted.verify_mode = options.verify ? REDIS_SSL_VERIFY_PEER : REDIS_SSL_VERIFY_NONE;
  wanted.verify_name = options.verify ? host.c_str() : nullptr;
  redisSSLContextError fault = REDIS_SSL_CTX_NONE;
  TlsPtr tls(redisCreateSSLContextWithOptions(&wanted, &fault));
  if (!tls) return {base::ErrorCode::kBadConfig, fmt::format("Redis: {}", redisSSLContextGetError(fault))};
  if (redisInitiateSSLWithContext(&context, tls.get()) != REDIS_OK) return Unavailable(fmt::format("TLS: {}", context.errstr));
  return tls;
}

}  // namespace

struct Connection::Context {
  TlsPtr tls;
  ContextPtr hiredis;
};

Connection::Connection(std::unique_ptr<Context> context) : context_(std::move(context)) {}
Connection::~Connection() = default;

namespace {

struct Opened {
  TlsPtr tls;
  ContextPtr hiredis;
};

base::Result<Opened> Dial(const Options& options, const Endpoint& server) {
  const timeval connect_timeout = Timeval(options.connect_timeout_ms);
  const timeval command_timeout = Timeval(options.command_timeout_ms);
  redisOptions wanted{};
  if (options.socket_path.empty()) {
    REDIS_OPTIONS_SET_TCP(&wanted, server.host.c_str(), server.port);
    wanted.options |= REDIS_OPT_PREFER_IP_UNSPEC;
  } else {
    REDIS_OPTIONS_SET_UNIX(&wanted, options.socket_path.c_str());
  }
  wanted.options |= REDIS_OPT_NOAUTOFREEREPLIES;
  wanted.connect_timeout = &connect_timeout;
  wanted.command_timeout = &command_timeout;
  Opened opened;
  opened.hiredis.reset(redisConnectWithOptions(&wanted));
  if (!opened.hiredis) return Unavailable("out of memory");
  if (opened.hiredis->err != 0) return Unavailable(opened.hiredis->errstr);
  if (options.socket_path.empty()) redisEnableKeepAliveWithInterval(opened.hiredis.get(), kKeepAliveS);
  if (options.tls.enabled) {
    auto tls = StartTls(*opened.hiredis, options.tls, server.host);
    if (!tls.ok()) return tls.error();
    opened.tls = std::move(*tls);
  }
  return opened;
}

// The first sentinel that answers is believed.
base::Result<Endpoint> AskSentinels(const Options& options) {
  std::string why;
  for (const Endpoint& sentinel : options.sentinels) {
    Options direct = options;
    direct.sentinels.clear();
    direct.server = sentinel;
    direct.username.clear();
    direct.password = options.sentinel_password;
    direct.database = 0;
    auto connection = Connection::Open(direct);
    if (!connection.ok()) {
      why = connection.error().message;
      continue;
    }
    const auto answer = (*connection)->Run(Command{"SENTINEL", "get-master-addr-by-name", options.master_name});
    if (!answer.ok()) {
      why = answer.error().message;
      continue;
    }
    int port = 0;
    if (answer->is_array() && answer->items.size() == 2 && std::sscanf(answer->items[1].text.c_str(), "%d", &port) == 1)
      return Endpoint{answer->items[0].text, port};
    why = fmt::format("a sentinel knows no master '{}'", options.master_name);
  }
  return Unavailable(why);
}

int VersionNumber(const std::string& version) {
  int major = 0;
  int minor = 0;
  std::sscanf(version.c_str(), "%d.%d", &major, &minor);
  return major * 100 + minor;
}

}  // namespace

base::Result<std::unique_ptr<Connection>> Connection::Open(const Options& options) {
  Endpoint server = options.server;
  if (!options.sentinels.empty()) {
    auto master = AskSentinels(options);
    if (!master.ok()) return master.error();
    server = *master;
  }
  auto opened = Dial(options, server);
  if (!opened.ok()) return opened.error();
  auto context = std::make_unique<Context>();
  context->tls = std::move(opened->tls);
  context->hiredis = std::move(opened->hiredis);
  std::unique_ptr<Connection> connection(new Connection(std::move(context)));
  if (const base::Status signed_in = connection->SignIn(options); !signed_in.ok()) return signed_in.error();
  return connection;
}

base::Status Connection::SignIn(const Options& options) {
  Command hello{"HELLO", "2"};
  if (!options.password.empty()) {
    hello.insert(hello.end(), {"AUTH", options.username.empty() ? "default" : options.username, options.password});
  }
  auto answer = Run(hello);
  if (!answer.ok()) return answer.error();
  if (answer->is_error()) {
    if (answer->text.starts_with("LOADING")) return Unavailable(answer->text);
    if (answer->text.starts_with("ERR unknown command"))
      return {base::ErrorCode::kBadConfig, "Redis: the server is older than 6.2"};
    return {base::ErrorCode::kBadConfig, "Redis: the server refuses the sign-in: " + answer->text};
  }
  std::string mode;
  for (std::size_t i = 0; i + 1 < answer->items.size(); i += 2) {
    const std::string& name = answer->items[i].text;
    if (name == "mode") mode = answer->items[i + 1].text;
    if (name == "version" && VersionNumber(answer->items[i + 1].text) < 602) {
      return {base::ErrorCode::kBadConfig,
              fmt::format("Redis: the server is version {}; 6.2 or newer is needed", answer->items[i + 1].text)};
    }
  }
  if (mode == "cluster") return {base::ErrorCode::kBadConfig, "Redis: the server is part of a cluster, which is not supported"};
  if (mode == "sentinel" || options.database == 0) return {};
  const auto selected = Run(Command{"SELECT", std::to_string(options.database)});
  if (!selected.ok()) return selected.error();
  if (selected->is_error()) return {base::ErrorCode::kBadConfig, "Redis: " + selected->text};
  return {};
}

bool Connection::is_broken() const { return context_->hiredis->err != 0; }
int Connection::fd() const { return context_->hiredis->fd; }

base::Error Connection::Lost() const {
  const redisContext& context = *context_->hiredis;
  return Unavailable(context.err == REDIS_ERR_IO && errno == EAGAIN ? "no answer in time" : context.errstr);
}

base::Status Connection::Send(const Command& command) {
  std::vector<const char*> words;
  std::vector<std::size_t> lengths;
  words.reserve(command.size());
  lengths.reserve(command.size());
  for (const std::string& word : command) {
    words.push_back(word.data());
    lengths.push_back(word.size());
  }
  redisContext* context = context_->hiredis.get();
  if (redisAppendCommandArgv(context, static_cast<int>(words.size()), words.data(), lengths.data()) != REDIS_OK) return Lost();
  for (int done = 0; done == 0;) {
    if (redisBufferWrite(context, &done) != REDIS_OK) return Lost();
  }
  return {};
}

base::Result<std::vector<Reply>> Connection::Run(const std::vector<Command>& commands) {
  redisContext* context = context_->hiredis.get();
  for (const Command& command : commands) {
    std::vector<const char*> words;
    std::vector<std::size_t> lengths;
    for (const std::string& word : command) {
      words.push_back(word.data());
      lengths.push_back(word.size());
    }
    if (redisAppendCommandArgv(context, static_cast<int>(words.size()), words.data(), lengths.data()) != REDIS_OK) return Lost();
  }
  std::vector<Reply> replies;
  replies.reserve(commands.size());
  for (std::size_t i = 0; i < commands.size(); ++i) {
    void* raw = nullptr;
    if (redisGetReply(context, &raw) != REDIS_OK) return Lost();
    const ReplyPtr reply(static_cast<redisReply*>(raw));
    replies.push_back(ReplyFrom(*reply));
  }
  return replies;
}

base::Result<Reply> Connection::Run(const Command& command) {
  auto replies = Run(std::vector<Command>{command});
  if (!replies.ok()) return replies.error();
  return std::move(replies->front());
}

base::Result<std::optional<Reply>> Connection::Read(std::chrono::milliseconds timeout) {
  redisContext* context = context_->hiredis.get();
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  while (true) {
    void* raw = nullptr;
    if (redisGetReplyFromReader(context, &raw) != REDIS_OK) return Lost();
    if (raw != nullptr) {
      const ReplyPtr reply(static_cast<redisReply*>(raw));
      return std::optional(ReplyFrom(*reply));
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd socket{context->fd, POLLIN, 0};
    const int ready = ::poll(&socket, 1, static_cast<int>(std::max(left, std::chrono::milliseconds(0)).count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return std::optional<Reply>();
    if (redisBufferRead(context) != REDIS_OK) return Lost();
  }
}

}  // namespace speechcoach::redis
