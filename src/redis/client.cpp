#include "redis/client.h"

#include <array>
#include <random>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <openssl/evp.h>

namespace speechcoach::redis {
namespace {

constexpr std::chrono::milliseconds kFirstPause{20};
constexpr std::chrono::milliseconds kLongestPause{1'000};

std::string Sha1Hex(const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr);
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

Command Evaluation(const std::string& how, const std::string& what, const std::vector<std::string>& keys,
                   const std::vector<std::string>& arguments) {
  Command command{how, what, std::to_string(keys.size())};
  command.insert(command.end(), keys.begin(), keys.end());
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

bool IsPassing(const base::Error& error) { return error.code == base::ErrorCode::kStorageUnavailable; }

}  // namespace

Script::Script(std::string text) : text_(std::move(text)), sha1_(Sha1Hex(text_)) {}

base::Result<Reply> RunScript(Connection& connection, const Script& script, const std::vector<std::string>& keys,
                              const std::vector<std::string>& arguments) {
  auto reply = connection.Run(Evaluation("EVALSHA", script.sha1(), keys, arguments));
  if (reply.ok() && reply->is_error() && reply->text.starts_with("NOSCRIPT"))
    reply = connection.Run(Evaluation("EVAL", script.text(), keys, arguments));
  return reply;
}

base::Error ErrorFrom(const Reply& reply) {
  for (const char* passing : {"LOADING", "READONLY", "OOM", "MISCONF", "BUSY", "MASTERDOWN", "NOREPLICAS", "TRYAGAIN"}) {
    if (reply.text.starts_with(passing)) return {base::ErrorCode::kStorageUnavailable, "Redis: " + reply.text};
  }
  return {base::ErrorCode::kInternal, "Redis: " + reply.text};
}

std::chrono::milliseconds Backoff::Next() {
  static thread_local std::minstd_rand random{std::random_device{}()};
  const auto pause = next_;
  next_ = std::min(next_ * 2, longest_);
  return std::chrono::milliseconds(std::uniform_int_distribution<std::int64_t>(pause.count() / 2, pause.count())(random));
}

Client::Client(Options options, Limits limits) : options_(std::move(options)), limits_(limits) {}
Client::Client(Options options) : Client(std::move(options), Limits()) {}
Client::~Client() = default;

std::unique_ptr<Connection> Client::TakeIdle() {
  std::unique_lock lock(mutex_);
  returned_.wait(lock, [this] { return in_use_ < limits_.connections; });
  ++in_use_;
  if (idle_.empty()) return nullptr;
  auto connection = std::move(idle_.back());
  idle_.pop_back();
  return connection;
}

void Client::GiveBack(std::unique_ptr<Connection> connection) {
  {
    const std::lock_guard lock(mutex_);
    --in_use_;
    if (connection && !connection->is_broken()) {
      idle_.push_back(std::move(connection));
    } else {
      idle_.clear();  // the others are as old, and broke with it
    }
  }
  returned_.notify_one();
}

class Client::Lease {
 public:
  explicit Lease(Client& client) : client_(client), connection(client.TakeIdle()) {}
  ~Lease() { client_.GiveBack(std::move(connection)); }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

 private:
  Client& client_;

 public:
  std::unique_ptr<Connection> connection;
};

template <typename Work>
auto Client::WithConnection(Work&& work) -> decltype(work(std::declval<Connection&>())) {
  Lease lease(*this);
  const auto deadline = std::chrono::steady_clock::now() + limits_.patience;
  Backoff backoff(kFirstPause, kLongestPause);
  while (true) {
    base::Error why;
    if (!lease.connection) {
      auto opened = Connection::Open(options_);
      if (opened.ok()) {
        lease.connection = std::move(*opened);
      } else {
        why = opened.error();
      }
    }
    if (lease.connection) {
      auto answer = work(*lease.connection);
      if (answer.ok() || !IsPassing(answer.error())) return answer;
      why = answer.error();
      if (lease.connection->is_broken()) lease.connection.reset();
    }
    const auto pause = backoff.Next();
    if (!IsPassing(why) || std::chrono::steady_clock::now() + pause > deadline) return why;
    std::this_thread::sleep_for(pause);
  }
}

base::Result<Reply> Client::Run(const Command& command) {
  auto replies = Run(std::vector<Command>{command});
  if (!replies.ok()) return replies.error();
  return std::move(replies->front());
}

base::Result<std::vector<Reply>> Client::Run(const std::vector<Command>& commands) {
  return WithConnection([&](Connection& connection) -> base::Result<std::vector<Reply>> {
    auto replies = connection.Run(commands);
    if (!replies.ok()) return replies;
    for (const Reply& reply : *replies) {
      if (reply.is_error()) return ErrorFrom(reply);
    }
    return replies;
  });
}

base::Result<Reply> Client::Run(const Script& script, const std::vector<std::string>& keys,
                                const std::vector<std::string>& arguments) {
  return WithConnection([&](Connection& connection) -> base::Result<Reply> {
    auto reply = RunScript(connection, script, keys, arguments);
    if (reply.ok() && reply->is_error()) return ErrorFrom(*reply);
    return reply;
  });
}

}  // namespace speechcoach::redis
