#include "base/log.h"

#include <memory>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/trace_context.h"

namespace speechcoach::base {
namespace {

bool g_json = false;

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      break;
  }
  return spdlog::level::err;
}

std::string JsonQuoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

// Quoted where a reader, or a line-based tool, could take it for something else.
std::string TextValue(std::string_view value) {
  for (const char c : value) {
    if (static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '=') return JsonQuoted(value);
  }
  return std::string(value);
}

}  // namespace

void SetUpLogging(const LogOptions& options) {
  auto logger = spdlog::stderr_logger_mt("speechcoach");
  g_json = options.format == "json";
  logger->set_pattern(g_json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})" : "%Y-%m-%dT%H:%M:%S.%eZ %-7l %v",
                      spdlog::pattern_time_type::utc);
  logger->set_level(spdlog::level::from_str(options.level));
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  spdlog::logger* logger = spdlog::default_logger_raw();
  const auto spdlog_level = ToSpdlog(level);
  if (!logger->should_log(spdlog_level)) return;
  std::string line = g_json ? "\"event\":" + JsonQuoted(event) : std::string(event);
  const auto add = [&line](std::string_view name, std::string_view value) {
    line += g_json ? fmt::format(",\"{}\":{}", name, JsonQuoted(value)) : fmt::format(" {}={}", name, TextValue(value));
  };
  for (const LogField& field : fields) add(field.name, field.value);
  if (const TraceContext& trace = CurrentTrace(); !trace.trace_id.empty()) {
    add("trace_id", trace.trace_id);
    add("span_id", trace.span_id);
  }
  logger->log(spdlog_level, line);
}

}  // namespace speechcoach::base
