#include "storage/internal/connection.h"

#include <utility>

#include <soci/postgresql/soci-postgresql.h>

namespace speechcoach::storage {
namespace {

// Far more than there are texts; those with parts put together by what is asked for cannot fill the server's memory.
constexpr std::size_t kMostPrepared = 256;

}  // namespace

Connection::~Connection() {
  for (auto& [text, statement] : prepared_) {
    // They end with the connection. Taking leave of each would wait for a server that may be gone.
    static_cast<soci::postgresql_statement_backend*>(statement.get_backend())->statementName_.clear();
  }
}

std::optional<soci::statement> Connection::TakePrepared(const std::string& text) {
  auto node = prepared_.extract(text);
  return node.empty() ? std::nullopt : std::optional(std::move(node.mapped()));
}

// SQLite prepares within the process, in microseconds, and a statement of its that was not read to the end holds its lock.
bool Connection::KeepsPrepared() { return prepared_.size() < kMostPrepared && get_backend_name() == "postgresql"; }

void Connection::KeepPrepared(std::string text, soci::statement statement) {
  // What it found last would stay in memory until it is asked again.
  static_cast<soci::postgresql_statement_backend*>(statement.get_backend())->result_.reset();
  prepared_.emplace(std::move(text), std::move(statement));
}

}  // namespace speechcoach::storage
