// One SQL statement with named parameters and typed columns, over SOCI.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <soci/soci.h>

#include "storage/internal/connection.h"

namespace speechcoach::storage {

// A column that may hold NULL.
template <typename T>
struct Nullable {
  T value{};
  mutable soci::indicator indicator = soci::i_null;  // SOCI asks for a changeable one, also for a parameter it only reads

  Nullable() = default;
  Nullable(T present) : value(std::move(present)), indicator(soci::i_ok) {}
  template <typename U>
  Nullable(const std::optional<U>& optional) {
    if (optional) *this = Nullable(static_cast<T>(*optional));
  }

  bool has_value() const { return indicator == soci::i_ok; }
};

inline Nullable<std::string> NullIfEmpty(const std::string& text) {
  return text.empty() ? Nullable<std::string>() : Nullable<std::string>(text);
}

// Columns and parameters are std::string, int, long long, double, or Nullable of these, and outlive the statement.
// Throws soci::soci_error.
class Statement {
 public:
  // Used once: sent in one go with its parameters, instead of prepared, run and dropped in three round trips.
  Statement(soci::session& sql, std::string text) : statement_(sql), text_(std::move(text)) {}

  // Where the connection keeps prepared statements: parsed and planned when its text comes for the first time on this connection.
  Statement(Connection& connection, std::string text) : Statement(connection, connection.TakePrepared(text), std::move(text)) {}

  ~Statement() {
    if (!is_prepared_) return;
    statement_.bind_clean_up();
    connection_->KeepPrepared(std::move(text_), statement_);
  }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  template <typename T>
  Statement& Use(std::string_view name, const T& value) {
    statement_.exchange(soci::use(value, std::string(name)));
    return *this;
  }
  template <typename T>
  Statement& Use(std::string_view name, const Nullable<T>& value) {
    statement_.exchange(soci::use(value.value, value.indicator, std::string(name)));
    return *this;
  }
  template <typename T>
  Statement& Into(T& value) {
    statement_.exchange(soci::into(value));
    return *this;
  }
  template <typename T>
  Statement& Into(Nullable<T>& value) {
    statement_.exchange(soci::into(value.value, value.indicator));
    return *this;
  }

  // Runs it; true where a first row was read.
  bool Execute() {
    if (!is_prepared_) Prepare();
    statement_.define_and_bind();
    return statement_.execute(true);
  }
  bool Next() { return statement_.fetch(); }

  // For statements with at most one row; true where there was one. Steps to the end: only there SQLite commits a
  // `... RETURNING`, and only there it reports that it could not.
  bool ExecuteForOne() {
    const bool found = Execute();
    while (found && Next()) {
    }
    return found;
  }

  // Runs an INSERT, UPDATE or DELETE; the number of rows it touched.
  long long ExecuteForCount() {
    Execute();
    return statement_.get_affected_rows();
  }

 private:
  Statement(Connection& connection, std::optional<soci::statement> prepared, std::string text)
      : connection_(&connection),
        statement_(prepared ? *prepared : soci::statement(connection)),
        text_(std::move(text)),
        is_prepared_(prepared.has_value()) {}

  void Prepare() {
    const bool is_kept = connection_ != nullptr && connection_->KeepsPrepared();
    statement_.alloc();
    statement_.prepare(text_, is_kept ? soci::details::st_repeatable_query : soci::details::st_one_time_query);
    is_prepared_ = is_kept;
  }

  Connection* connection_ = nullptr;
  soci::statement statement_;
  std::string text_;
  bool is_prepared_ = false;
};

}  // namespace speechcoach::storage
