#include "users.h"

#include <iostream>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "api/auth/accounts.h"
#include "api/auth/jwt_secret.h"
#include "api/auth/password.h"
#include "api/rest/user_json.h"
#include "base/clock.h"
#include "json/model_json.h"
#include "parts.h"
#include "pipeline/progress_keeper.h"

namespace speechcoach::app {
namespace {

using cli::ExitCode;
using Action = cli::UserCommand::Action;

constexpr int kPageSize = 500;

base::Error Wrong(std::string what) { return {base::ErrorCode::kBadConfig, std::move(what)}; }

base::Result<std::string> ReadPasswordHash() {
  std::string password;
  std::getline(std::cin, password);
  if (password.ends_with('\r')) password.pop_back();
  if (!api::IsPassword(password)) return Wrong("a password has 8 to 256 bytes of UTF-8");
  return api::HashPassword(password);
}

base::Result<model::User> Find(const std::string& who, storage::UserRepository& users) {
  const bool is_number = !who.empty() && who.find_first_not_of("0123456789") == std::string::npos && who.size() < 19;
  const auto email = api::NormalEmail(who);
  if (!is_number && !email) return Wrong(fmt::format("'{}' is neither an e-mail address nor a user's number", who));
  return is_number ? users.Get(std::stoll(who)) : users.FindByEmail(*email);
}

base::Result<ExitCode> Add(const cli::UserCommand& command, storage::UserRepository& users, std::int64_t now_ms) {
  const auto email = api::NormalEmail(command.who);
  if (!email) return Wrong(fmt::format("'{}' is no e-mail address", command.who));
  if (!api::IsName(command.name)) return Wrong("a name has at most 80 characters, none of them a control character");
  auto hash = ReadPasswordHash();
  if (!hash.ok()) return hash.error();
  const auto created = users.Create({0, *email, command.name, *api::RoleFromName(command.role), std::move(*hash), now_ms});
  if (!created.ok() && created.error().code == base::ErrorCode::kConflict)
    return base::Error{base::ErrorCode::kEmailTaken, "there is an account with that e-mail address"};
  if (!created.ok()) return created.error();
  fmt::print("user {} added: {}\n", created->id, command.role);
  return ExitCode::kOk;
}

base::Result<ExitCode> List(storage::UserRepository& users) {
  for (std::int64_t after = 0;;) {
    const auto page = users.List(after, kPageSize);
    if (!page.ok()) return page.error();
    if (page->empty()) return ExitCode::kOk;
    after = page->back().id;
    for (const model::User& user : *page) {
      if (user.email.empty() && user.role == model::Role::kLearner) continue;
      fmt::print("{:>6}  {:8} {:32} {}\n", user.id, json::Name(user.role), user.email.empty() ? "-" : user.email, user.name);
    }
  }
}

base::Result<ExitCode> Token(const cli::UserCommand& command, const model::User& user, const base::Config& config,
                             storage::Database& database) {
  auto secrets = api::TokenSecrets(config);
  if (!secrets.ok()) return secrets.error();
  const base::SystemClock clock;
  const api::Authenticator authenticator(config.auth, std::move(*secrets), database.users(), database.accounts(), clock);
  const auto token = authenticator.Issue(user, command.hours * 3600);
  if (!token.ok()) return token.error();
  fmt::print("{}\n", token->token);
  return ExitCode::kOk;
}

}  // namespace

base::Result<cli::ExitCode> RunUser(const cli::UserCommand& command, const base::Config& config) {
  const auto database = OpenDatabase(config);
  if (!database.ok()) return database.error();
  if (const base::Status migrated = (*database)->MigrateUp(); !migrated.ok()) return migrated.error();
  storage::UserRepository& users = (*database)->users();
  const base::SystemClock clock;
  if (command.action == Action::kAdd) return Add(command, users, clock.NowMs());
  if (command.action == Action::kList) return List(users);
  auto user = Find(command.who, users);
  if (!user.ok()) return user.error();
  if (command.action == Action::kToken) return Token(command, *user, config, **database);
  if (command.action == Action::kRole) {
    user->role = *api::RoleFromName(command.role);
  } else {
    auto hash = ReadPasswordHash();
    if (!hash.ok()) return hash.error();
    user->password_hash = std::move(*hash);
  }
  if (const base::Status updated = users.Update(*user); !updated.ok()) return updated.error();
  if (command.action == Action::kPassword) {
    if (const base::Status revoked = (*database)->accounts().RevokeAllOf(user->id, clock.NowMs()); !revoked.ok())
      return revoked.error();
  }
  fmt::print("user {} changed: {}\n", user->id, json::Name(user->role));
  return ExitCode::kOk;
}

base::Result<cli::ExitCode> RebuildProgress(const cli::ProgressCommand& command, const base::Config& config) {
  const auto database = OpenDatabase(config);
  if (!database.ok()) return database.error();
  if (const base::Status migrated = (*database)->MigrateUp(); !migrated.ok()) return migrated.error();
  storage::UserRepository& users = (*database)->users();
  pipeline::ProgressKeeper progress((*database)->progress(), (*database)->accounts());
  std::int64_t user_count = 0;
  std::int64_t session_count = 0;
  const auto rebuild = [&](std::int64_t user_id) -> base::Status {
    const auto counted = progress.Rebuild(user_id);
    if (!counted.ok()) return counted.error();
    ++user_count;
    session_count += *counted;
    return {};
  };
  if (!command.who.empty()) {
    const auto user = Find(command.who, users);
    if (!user.ok()) return user.error();
    if (const base::Status rebuilt = rebuild(user->id); !rebuilt.ok()) return rebuilt.error();
  } else {
    for (std::int64_t after = 0;;) {
      const auto page = users.List(after, kPageSize);
      if (!page.ok()) return page.error();
      if (page->empty()) break;
      after = page->back().id;
      for (const model::User& user : *page) {
        if (const base::Status rebuilt = rebuild(user.id); !rebuilt.ok()) return rebuilt.error();
      }
    }
  }
  fmt::print("{} sessions of {} users counted anew\n", session_count, user_count);
  return ExitCode::kOk;
}

}  // namespace speechcoach::app
