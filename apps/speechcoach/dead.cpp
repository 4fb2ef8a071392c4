#include "dead.h"

#include <cstdint>

#include <fmt/format.h>

#include "base/clock.h"
#include "queue/celery/dead_letters.h"
#include "redis/client.h"

namespace speechcoach::app {
namespace {

using cli::ExitCode;
using Action = cli::DeadCommand::Action;
using queue::celery::DeadLetter;

std::string TimeOf(const DeadLetter& letter) { return base::FormatRfc3339(static_cast<std::int64_t>(letter.died_at_s * 1000.0)); }

base::Result<ExitCode> List(queue::celery::DeadLetters& letters, int limit) {
  const auto listed = letters.List(limit);
  if (!listed.ok()) return listed.error();
  for (const DeadLetter& letter : *listed)
    fmt::print("{}  {}  {:10}  {:32}  {}\n", letter.id, TimeOf(letter), letter.queue,
               letter.task.empty() ? "not readable" : letter.task, letter.reason);
  if (listed->empty()) fmt::print("none\n");
  return ExitCode::kOk;
}

base::Result<ExitCode> Show(queue::celery::DeadLetters& letters, const std::string& id) {
  const auto letter = letters.Get(id);
  if (!letter.ok()) return letter.error();
  fmt::print("task: {}\nqueue: {}\ndied: {}\nreason: {}\nmessage: {}\n", letter->task, letter->queue, TimeOf(*letter),
             letter->reason, letter->message);
  return ExitCode::kOk;
}

}  // namespace

base::Result<ExitCode> RunDead(const cli::DeadCommand& command, const base::Config& config) {
  if (config.broker.url.empty())
    return {base::ErrorCode::kBadConfig, "there are no dead letters without a broker: set broker.url"};
  const auto server = redis::ParseUrl(config.broker.url);
  if (!server.ok()) return server.error();
  redis::Client client(*server);
  queue::celery::DeadLetters letters(client);
  if (command.action == Action::kList) return List(letters, command.limit);
  if (command.action == Action::kShow) return Show(letters, command.id);
  const base::Status done = command.action == Action::kReplay ? letters.Replay(command.id) : letters.Remove(command.id);
  if (!done.ok()) return done.error();
  return ExitCode::kOk;
}

}  // namespace speechcoach::app
