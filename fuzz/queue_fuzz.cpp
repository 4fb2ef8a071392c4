// Any bytes as a message from Redis: refused, or a task that is the same after being written and read again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "queue/celery/iso_time.h"
#include "queue/celery/message.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace speechcoach::queue::celery;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  if (const auto time_ms = ParseIsoTime(text); time_ms && ParseIsoTime(FormatIsoTime(*time_ms)) != time_ms) std::abort();
  ParseEnvelope(text).ok();
  const auto task = ParseTask(text);
  if (!task.ok()) return 0;
  const auto again = ParseTask(WriteTask(*task));
  if (!again.ok() || again->id != task->id || again->task != task->task || again->args != task->args || again->kwargs != task->kwargs ||
      again->eta_ms != task->eta_ms || again->retries != task->retries) {
    std::abort();
  }
  return 0;
}
