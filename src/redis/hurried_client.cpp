#include "redis/hurried_client.h"

#include <utility>

#include "base/log.h"

namespace speechcoach::redis {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::seconds kRest{5};
// One for each question that is likely to be asked at once: nobody queues behind a server that hangs.
constexpr int kConnections = 32;

Options Hurried(Options server, std::chrono::milliseconds patience) {
  server.connect_timeout_ms = static_cast<int>(patience.count());
  server.command_timeout_ms = static_cast<int>(patience.count());
  return server;
}

}  // namespace

HurriedClient::HurriedClient(Options server, std::string what, std::chrono::milliseconds patience)
    : client_(Hurried(std::move(server), patience), {.connections = kConnections, .patience = patience}),
      what_(std::move(what)) {}

template <typename... Arguments>
std::optional<Reply> HurriedClient::Ask(const Arguments&... arguments) {
  if (SteadyClock::now().time_since_epoch() < rests_until_.load()) return std::nullopt;
  auto reply = client_.Run(arguments...);
  if (reply.ok()) return std::move(*reply);
  rests_until_ = SteadyClock::now().time_since_epoch() + kRest;
  base::Log(base::LogLevel::kWarning, what_ + " cannot be shared", {{"error", reply.error().message}});
  return std::nullopt;
}

std::optional<Reply> HurriedClient::Run(const Command& command) { return Ask(command); }

std::optional<Reply> HurriedClient::Run(const Script& script, const std::vector<std::string>& keys,
                                        const std::vector<std::string>& arguments) {
  return Ask(script, keys, arguments);
}

}  // namespace speechcoach::redis
