#include "storage/internal/postgresql_dialect.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <poll.h>

#include <fmt/format.h>
#include <libpq-fe.h>
#include <soci/postgresql/soci-postgresql.h>

namespace speechcoach::storage {
namespace {

// Any number that the other programs on the server do not lock by chance.
constexpr long long kMigrationLock = 0x7370656563680001;

constexpr const char* kNoConnection = "08001";

// A server that vanishes without a word is noticed within seconds, not the kernel's two hours.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kDefaults{{
    {"connect_timeout", "5"},
    {"keepalives_idle", "10"},
    {"keepalives_interval", "5"},
    {"keepalives_count", "3"},
    {"tcp_user_timeout", "20000"},
}};

// As libpq wants values in a list of key=value.
std::string Quoted(std::string_view value) {
  std::string quoted = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

class PostgresqlDialect final : public Dialect {
 public:
  explicit PostgresqlDialect(std::string connection) : connection_(std::move(connection)) {}

  void Connect(soci::session& sql) const override {
    try {
      sql.open(soci::postgresql, connection_);
    } catch (const soci::soci_error& fault) {
      // SOCI does not say that it was the connection that failed.
      throw soci::postgresql_soci_error(fault.get_error_message(), kNoConnection);
    }
    sql << "SET client_min_messages = warning";
    sql << "SET timezone = 'UTC'";
  }

  // A server says nothing on an idle connection but its last words.
  bool WasClosed(soci::session& sql) const override {
    PGconn* connection = static_cast<soci::postgresql_session_backend*>(sql.get_backend())->conn_;
    pollfd socket{PQsocket(connection), POLLIN, 0};
    return ::poll(&socket, 1, 0) > 0;
  }

  void BeginMigration(soci::session& sql) const override {
    sql << "BEGIN";
    sql << fmt::format("SELECT pg_advisory_xact_lock({})", kMigrationLock);
  }

  void ExecuteScript(soci::session& sql, std::string_view script) const override {
    PGconn* connection = static_cast<soci::postgresql_session_backend*>(sql.get_backend())->conn_;
    const std::string text(script);
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection, text.c_str()), &PQclear);
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) return;
    const char* state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
    throw soci::postgresql_soci_error(PQresultErrorMessage(result.get()), state != nullptr ? state : "     ");
  }

  bool one_writer() const override { return false; }
  std::string_view migration_variant() const override { return ".postgresql"; }

  std::string ToTime(std::string_view milliseconds) const override {
    return fmt::format("to_timestamp(CAST({} AS DOUBLE PRECISION) / 1000)", milliseconds);
  }
  std::string ToMilliseconds(std::string_view time) const override {
    return fmt::format("CAST(round(extract(epoch FROM {}) * 1000) AS BIGINT)", time);
  }

 private:
  const std::string connection_;
};

}  // namespace

base::Result<std::unique_ptr<Dialect>> MakePostgresqlDialect(const std::string& url) {
  char* fault = nullptr;
  const std::unique_ptr<PQconninfoOption, FreeOptions> options(PQconninfoParse(url.c_str(), &fault));
  if (options == nullptr) {
    // The library's reason may repeat the password.
    PQfreemem(fault);
    return {base::ErrorCode::kBadConfig, "database.url: must be postgresql://USER:PASSWORD@HOST:PORT/DATABASE; %-encode odd characters"};
  }
  std::vector<std::pair<std::string_view, std::string_view>> values(kDefaults.begin(), kDefaults.end());
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    const auto known = std::ranges::find(values, option->keyword, [](const auto& value) { return value.first; });
    if (known != values.end()) {
      known->second = option->val;
    } else {
      values.emplace_back(option->keyword, option->val);
    }
  }
  std::string connection;
  for (const auto& [key, value] : values) connection += fmt::format("{}={} ", key, Quoted(value));
  return std::unique_ptr<Dialect>(std::make_unique<PostgresqlDialect>(std::move(connection)));
}

}  // namespace speechcoach::storage
