#include "trace/otlp_exporter.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/log.h"

namespace speechcoach::trace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

OtlpExporter::OtlpExporter(const Settings& settings, Resource resource, const ExporterLimits& limits)
    : resource_(std::move(resource)),
      limits_(limits),
      transfer_(settings),
      thread_([this](const std::stop_token& stop) { Run(stop); }) {}

OtlpExporter::~OtlpExporter() {
  thread_.request_stop();
  thread_.join();
  const auto end = steady_clock::now() + limits_.farewell;
  while (true) {
    const auto left = std::chrono::duration_cast<milliseconds>(end - steady_clock::now());
    const std::vector<SpanRecord> batch = NextBatch();
    if (batch.empty() || left <= milliseconds(0) || !Send(batch, std::min(left, limits_.timeout), {})) return;
  }
}

void OtlpExporter::Take(SpanRecord span) {
  bool is_full = false;
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= limits_.most_waiting) {
      waiting_.pop_front();
      ++lost_;
    }
    waiting_.push_back(std::move(span));
    is_full = waiting_.size() >= limits_.batch;
  }
  if (is_full) changed_.notify_one();
}

std::int64_t OtlpExporter::lost() const {
  const std::lock_guard lock(mutex_);
  return lost_;
}

void OtlpExporter::Run(const std::stop_token& stop) {
  milliseconds pause = limits_.pause;
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex_);
      // A collector that is away is not asked sooner because more waits for it.
      changed_.wait_for(lock, stop, pause, [this] { return !is_failing_ && waiting_.size() >= limits_.batch; });
    }
    while (!stop.stop_requested()) {
      std::vector<SpanRecord> batch = NextBatch();
      if (batch.empty()) break;
      if (Send(batch, limits_.timeout, stop)) continue;
      PutBack(std::move(batch));
      break;
    }
    pause = is_failing_ ? std::min(pause * 2, limits_.longest_pause) : limits_.pause;
  }
}

std::vector<SpanRecord> OtlpExporter::NextBatch() {
  const std::lock_guard lock(mutex_);
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(waiting_.size(), limits_.batch));
  std::vector<SpanRecord> batch(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  return batch;
}

void OtlpExporter::PutBack(std::vector<SpanRecord> batch) {
  const std::lock_guard lock(mutex_);
  waiting_.insert(waiting_.begin(), std::make_move_iterator(batch.begin()), std::make_move_iterator(batch.end()));
  for (; waiting_.size() > limits_.most_waiting; ++lost_) waiting_.pop_front();
}

bool OtlpExporter::Send(const std::vector<SpanRecord>& batch, milliseconds timeout, const std::stop_token& stop) {
  const Delivered delivered = transfer_.Post(ToOtlpJson(resource_, batch), timeout, stop);
  if (delivered.outcome == Delivery::kTaken) {
    if (std::exchange(is_failing_, false)) base::Log(base::LogLevel::kInfo, "traces are taken again", {{"lost", lost()}});
    return true;
  }
  if (stop.stop_requested()) return false;
  if (!std::exchange(is_failing_, true))
    base::Log(base::LogLevel::kWarning, "traces are not taken", {{"reason", delivered.reason}});
  if (delivered.outcome == Delivery::kLater) return false;
  const std::lock_guard lock(mutex_);
  lost_ += static_cast<std::int64_t>(batch.size());
  return true;
}

}  // namespace speechcoach::trace
