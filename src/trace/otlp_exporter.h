// Sends spans to an OpenTelemetry collector in batches, on a thread of its own.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "trace/otlp_json.h"
#include "trace/otlp_transfer.h"
#include "trace/settings.h"
#include "trace/span.h"

namespace speechcoach::trace {

struct ExporterLimits {
  std::size_t most_waiting = 4096;                  // spans; beyond it the oldest are dropped
  std::size_t batch = 512;                          // at most in one request
  std::chrono::milliseconds pause{1000};            // between requests, where no batch is full
  std::chrono::milliseconds longest_pause{30'000};  // where the collector does not take them; doubled up to it
  std::chrono::milliseconds timeout{10'000};        // of one request
  std::chrono::milliseconds farewell{2'000};        // for what waits at the end
};

// Its end sends what waits, within `farewell`; what a collector that is away has not taken by then is lost.
class OtlpExporter final : public SpanSink {
 public:
  OtlpExporter(const Settings& settings, Resource resource, const ExporterLimits& limits = {});
  ~OtlpExporter() override;

  void Take(SpanRecord span) override;

  // Spans that were dropped or refused.
  std::int64_t lost() const;

 private:
  void Run(const std::stop_token& stop);
  std::vector<SpanRecord> NextBatch();
  // True where the batch is done with.
  bool Send(const std::vector<SpanRecord>& batch, std::chrono::milliseconds timeout, const std::stop_token& stop);
  void PutBack(std::vector<SpanRecord> batch);

  const Resource resource_;
  const ExporterLimits limits_;
  OtlpTransfer transfer_;
  bool is_failing_ = false;  // of the exporting thread, then of the destructor

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<SpanRecord> waiting_;
  std::int64_t lost_ = 0;
  std::jthread thread_;
};

}  // namespace speechcoach::trace
