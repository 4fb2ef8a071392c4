// One SQL statement with named parameters and typed columns, over SOCI.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <soci/soci.h>

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
  Statement(soci::session& sql, std::string text) : statement_(sql), text_(std::move(text)) {}

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
    statement_.alloc();
    // Used once: sent in one go with its parameters, instead of prepared, run and dropped in three round trips.
    statement_.prepare(text_, soci::details::st_one_time_query);
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
  soci::statement statement_;
  std::string text_;
};

}  // namespace speechcoach::storage
