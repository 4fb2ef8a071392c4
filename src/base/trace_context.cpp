#include "base/trace_context.h"

#include <algorithm>
#include <utility>

namespace speechcoach::base {
namespace {

constexpr std::size_t kTraceIdDigits = 32;
constexpr std::size_t kSpanIdDigits = 16;
constexpr std::size_t kLength = 2 + 1 + kTraceIdDigits + 1 + kSpanIdDigits + 1 + 2;

thread_local TraceContext t_current;

bool IsHex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool IsZero(std::string_view digits) { return digits.find_first_not_of('0') == std::string_view::npos; }

// Of a hexadecimal digit that IsHex has let pass.
bool IsOdd(char digit) { return ((digit <= '9' ? digit - '0' : digit - 'a' + 10) & 1) != 0; }

}  // namespace

std::optional<TraceContext> ParseTraceparent(std::string_view text) {
  if (text.size() < kLength || text[2] != '-' || text[35] != '-' || text[52] != '-') return std::nullopt;
  const std::string_view version = text.substr(0, 2);
  const std::string_view trace_id = text.substr(3, kTraceIdDigits);
  const std::string_view span_id = text.substr(36, kSpanIdDigits);
  const std::string_view flags = text.substr(53, 2);
  if (!IsHex(version) || version == "ff" || !IsHex(trace_id) || !IsHex(span_id) || !IsHex(flags)) return std::nullopt;
  if (text.size() > kLength && (version == "00" || text[kLength] != '-')) return std::nullopt;
  if (IsZero(trace_id) || IsZero(span_id)) return std::nullopt;
  return TraceContext{std::string(trace_id), std::string(span_id), IsOdd(flags[1])};
}

std::string FormatTraceparent(const TraceContext& context) {
  if (context.trace_id.empty()) return {};
  return "00-" + context.trace_id + "-" + context.span_id + (context.is_sampled ? "-01" : "-00");
}

const TraceContext& CurrentTrace() { return t_current; }

TraceScope::TraceScope(TraceContext context) : before_(std::exchange(t_current, std::move(context))) {}

TraceScope::~TraceScope() { t_current = std::move(before_); }

}  // namespace speechcoach::base
