// Structured logs: one event name and its fields, a line each. Audio, transcripts, names, addresses of people and secrets
// are never fields; ids and numbers are.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace speechcoach::base {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

struct LogField {
  template <typename T>
  LogField(std::string_view field_name, const T& field_value) : name(field_name), value(fmt::to_string(field_value)) {}
  std::string_view name;
  std::string value;
};

struct LogOptions {
  std::string level = "info";   // debug, info, warning, error
  std::string format = "text";  // text, json
};

// Call once at start, before other threads log. Logs go to stderr.
void SetUpLogging(const LogOptions& options);

// Thread-safe. `event` is a short, stable phrase: "session completed".
void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});

}  // namespace speechcoach::base
