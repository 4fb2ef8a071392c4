#include "keys.h"

#include <algorithm>
#include <iostream>
#include <string>

#include <fmt/format.h>

#include "base/clock.h"
#include "llm/llm_service.h"
#include "parts.h"

namespace speechcoach::app {
namespace {

using cli::ExitCode;
using Action = cli::KeysCommand::Action;

constexpr double kPicoUsd = 1e12;

std::string StateOf(const storage::LlmKey& key, std::int64_t now_ms) {
  if (!key.is_active) return key.disabled_reason.empty() ? "off" : "off: " + key.disabled_reason;
  if (key.rate_limit_reset_at_ms && *key.rate_limit_reset_at_ms > now_ms)
    return "rests until " + base::FormatRfc3339(*key.rate_limit_reset_at_ms);
  return "on";
}

base::Result<ExitCode> List(storage::LlmRepository& repository, std::int64_t now_ms) {
  const auto providers = repository.Providers();
  if (!providers.ok()) return providers.error();
  const auto keys = repository.Keys();
  if (!keys.ok()) return keys.error();
  for (const storage::LlmKey& key : *keys) {
    const auto provider = std::ranges::find(*providers, key.provider_id, &storage::LlmProvider::id);
    fmt::print("{:>4}  {:12} {:20} ...{}  {:8} calls  {:10.4f} USD  {}\n", key.id, provider->name, key.name, key.last4,
               key.total_requests, static_cast<double>(key.total_cost_picousd) / kPicoUsd, StateOf(key, now_ms));
  }
  if (keys->empty()) fmt::print("no keys; add one: speechcoach keys add --provider openai --name NAME < FILE\n");
  return ExitCode::kOk;
}

base::Result<ExitCode> Add(const cli::KeysCommand& command, llm::KeyStore& keys) {
  std::string secret;
  std::getline(std::cin, secret);
  while (!secret.empty() && (secret.back() == '\r' || secret.back() == ' ')) secret.pop_back();
  const auto added = keys.Add({command.provider, command.name, secret, command.daily_request_limit, command.monthly_budget_usd});
  if (!added.ok()) return added.error();
  fmt::print("key {} added: {} ...{}\n", added->id, added->name, added->last4);
  return ExitCode::kOk;
}

base::Result<ExitCode> Test(std::int64_t key_id, llm::ChatChain& chain) {
  const auto test = chain.TestKey(key_id);
  if (!test.ok()) return test.error();
  if (test->works) {
    fmt::print("key {} works: {} answered in {} ms\n", key_id, test->model, test->response_time_ms);
    return ExitCode::kOk;
  }
  fmt::print("key {} does not work: {}\n", key_id, test->fault);
  return ExitCode::kFailed;
}

}  // namespace

base::Result<cli::ExitCode> RunKeys(const cli::KeysCommand& command, const base::Config& config) {
  const auto database = OpenDatabase(config);
  if (!database.ok()) return database.error();
  if (const base::Status migrated = (*database)->MigrateUp(); !migrated.ok()) return migrated.error();
  const base::SystemClock clock;
  const auto service = llm::LlmService::Make(config, (*database)->llm(), clock);
  if (!service.ok()) return service.error();
  switch (command.action) {
    case Action::kAdd:
      return Add(command, (*service)->keys());
    case Action::kList:
      return List((*service)->repository(), clock.NowMs());
    case Action::kTest:
      return Test(command.key_id, (*service)->chain());
    case Action::kRotate:
      break;
  }
  const auto rotated = (*service)->keys().Rotate();
  if (!rotated.ok()) return rotated.error();
  fmt::print("{} keys encrypted anew\n", *rotated);
  return ExitCode::kOk;
}

}  // namespace speechcoach::app
