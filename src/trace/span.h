// What a piece of work did and how long it took, as OpenTelemetry has spans. Names and attributes follow its semantic conventions
// where it has some. Ids, sizes and times are attributes; words, names and addresses of people never.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/trace_context.h"

namespace speechcoach::trace {

// The trace of a caller whom nobody vouches for. Its ids stay; whether it is sent is drawn here, with the share of traces that
// begin here, and by chance: who chooses an id must not choose that too. No trace stays none. Thread-safe.
base::TraceContext Resampled(base::TraceContext caller);

// In OTLP's numbers.
enum class SpanKind { kInternal = 1, kServer = 2, kClient = 3, kProducer = 4, kConsumer = 5 };

using AttributeValue = std::variant<bool, std::int64_t, double, std::string>;

struct SpanRecord {
  base::TraceContext context;  // the span's own
  std::string parent_span_id;  // empty: the trace begins here
  std::string name;
  SpanKind kind = SpanKind::kInternal;
  std::int64_t start_ns = 0;  // UTC, since the epoch
  std::int64_t end_ns = 0;
  std::vector<std::pair<std::string, AttributeValue>> attributes;
  std::optional<std::string> fault;  // why it failed; nothing: it did not
};

// Where ended spans go. Thread-safe; quick: called by whoever ends a span.
class SpanSink {
 public:
  virtual ~SpanSink() = default;
  virtual void Take(SpanRecord span) = 0;
};

// For the whole process. Without one, spans carry their ids through logs and messages, and go nowhere. `sample_share`: of the
// traces that begin in this process, 0..1. Thread-safe; spans that end meanwhile go to either.
void SetSink(std::shared_ptr<SpanSink> sink, double sample_share);

// One thread at a time.
class Span {
 public:
  // A child of `parent`; where that is no trace, the beginning of one.
  explicit Span(std::string name, SpanKind kind = SpanKind::kInternal, const base::TraceContext& parent = base::CurrentTrace());
  ~Span() { End(); }
  Span(const Span&) = delete;
  Span& operator=(const Span&) = delete;

  const base::TraceContext& context() const { return record_.context; }

  template <typename Value>
  void Set(std::string_view key, const Value& value) {
    if constexpr (std::is_convertible_v<Value, std::string_view>) {
      Add(key, std::string(std::string_view(value)));
    } else if constexpr (std::is_integral_v<Value> && !std::is_same_v<Value, bool>) {
      Add(key, static_cast<std::int64_t>(value));
    } else {
      Add(key, value);
    }
  }
  // The first reason stays. A stable name, never a message that may hold words.
  void Fail(std::string_view reason);

  // What is set or failed after it has no effect.
  void End();

 private:
  void Add(std::string_view key, AttributeValue value);

  std::shared_ptr<SpanSink> sink_;  // null: nobody wants it
  SpanRecord record_;
  std::int64_t start_steady_ns_ = 0;
};

// A span that this thread's work belongs to until the end of the scope.
class ActiveSpan {
 public:
  explicit ActiveSpan(std::string name, SpanKind kind = SpanKind::kInternal,
                      const base::TraceContext& parent = base::CurrentTrace())
      : span_(std::move(name), kind, parent), scope_(span_.context()) {}
  Span* operator->() { return &span_; }

 private:
  Span span_;
  base::TraceScope scope_;
};

}  // namespace speechcoach::trace
