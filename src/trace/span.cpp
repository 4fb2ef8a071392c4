#include "trace/span.h"

#include <chrono>
#include <mutex>

#include "base/id.h"

namespace speechcoach::trace {
namespace {

constexpr std::size_t kTraceIdBytes = 16;
constexpr std::size_t kSpanIdBytes = 8;

struct Destination {
  std::shared_ptr<SpanSink> sink;
  double sample_share = 0;
};

std::mutex g_mutex;
Destination g_destination;

Destination CurrentDestination() {
  const std::lock_guard lock(g_mutex);
  return g_destination;
}

// By the trace's id, so that whoever looks at it comes to the same.
bool IsSampled(const std::string& trace_id, double share) {
  constexpr std::size_t kDigits = 8;
  constexpr double kNumbers = 1ULL << (4 * kDigits);
  return static_cast<double>(std::stoull(trace_id.substr(trace_id.size() - kDigits), nullptr, 16)) < kNumbers * share;
}

bool IsWanted(const Destination& destination, const std::string& trace_id) {
  return destination.sink && IsSampled(trace_id, destination.sample_share);
}

template <typename Clock>
std::int64_t NowNs() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch()).count();
}

}  // namespace

void SetSink(std::shared_ptr<SpanSink> sink, double sample_share) {
  Destination destination{std::move(sink), sample_share};
  {
    const std::lock_guard lock(g_mutex);
    std::swap(g_destination, destination);
  }
  // The one before ends here, outside the lock: it may have much to send.
}

base::TraceContext Resampled(base::TraceContext caller) {
  caller.is_sampled = !caller.trace_id.empty() && IsWanted(CurrentDestination(), base::RandomHex(kTraceIdBytes));
  return caller;
}

Span::Span(std::string name, SpanKind kind, const base::TraceContext& parent) {
  Destination destination = CurrentDestination();
  record_.context = parent;
  if (parent.trace_id.empty()) {
    record_.context.trace_id = base::RandomHex(kTraceIdBytes);
    record_.context.is_sampled = IsWanted(destination, record_.context.trace_id);
  } else {
    record_.parent_span_id = parent.span_id;
  }
  record_.context.span_id = base::RandomHex(kSpanIdBytes);
  if (!record_.context.is_sampled || !destination.sink) return;
  sink_ = std::move(destination.sink);
  record_.name = std::move(name);
  record_.kind = kind;
  record_.start_ns = NowNs<std::chrono::system_clock>();
  start_steady_ns_ = NowNs<std::chrono::steady_clock>();
}

void Span::Add(std::string_view key, AttributeValue value) {
  if (sink_) record_.attributes.emplace_back(key, std::move(value));
}

void Span::Fail(std::string_view reason) {
  if (sink_ && !record_.fault) record_.fault = std::string(reason);
}

void Span::End() {
  if (!sink_) return;
  // A clock that is put right meanwhile makes no span long or negative.
  record_.end_ns = record_.start_ns + (NowNs<std::chrono::steady_clock>() - start_steady_ns_);
  std::exchange(sink_, nullptr)->Take(record_);  // a copy: its context may still be asked for
}

}  // namespace speechcoach::trace
