// Which trace the work of a thread belongs to: W3C Trace Context, level 1 (https://www.w3.org/TR/trace-context/). Logs name it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace speechcoach::base {

struct TraceContext {
  std::string trace_id;     // 32 lower-case hexadecimal digits, not all 0; empty: no trace
  std::string span_id;      // 16 of them: whose children new spans are
  bool is_sampled = false;  // its spans are exported, also those of other processes

  bool operator==(const TraceContext&) const = default;
};

// "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"; nothing where it is not one. Later versions are read as far as they
// are like this one.
std::optional<TraceContext> ParseTraceparent(std::string_view text);
// Empty where there is no trace.
std::string FormatTraceparent(const TraceContext& context);

// Of the calling thread.
const TraceContext& CurrentTrace();

// The thread's work belongs to `context` until the end of the scope, on the same thread; then to what it belonged to before.
class TraceScope {
 public:
  explicit TraceScope(TraceContext context);
  ~TraceScope();
  TraceScope(const TraceScope&) = delete;
  TraceScope& operator=(const TraceScope&) = delete;

 private:
  TraceContext before_;
};

// `work`, to be called on another thread and to belong to what this one's work belongs to.
template <typename Work>
auto InThisTrace(Work work) {
  return [context = CurrentTrace(), work = std::move(work)](auto&&... arguments) mutable -> decltype(auto) {
    const TraceScope scope(context);
    return work(std::forward<decltype(arguments)>(arguments)...);
  };
}

}  // namespace speechcoach::base
