#include "pipeline/listening_thread.h"

#include <sys/resource.h>
#include <unistd.h>

#include <exception>
#include <utility>

#include "base/log.h"

namespace speechcoach::pipeline {
namespace {

// Of ten seconds of a busy core it has one.
constexpr int kNiceness = 10;

}  // namespace

// On Linux a thread's niceness is its own. Where it is refused the thread is as urgent as the others.
ListeningThread::ListeningThread() {
  thread_.Run([] { setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kNiceness); });
}

void ListeningThread::Run(std::function<void()> task) {
  thread_.Run([task = std::move(task)] {
    try {
      task();
    } catch (const std::exception& fault) {
      base::Log(base::LogLevel::kError, "listening failed", {{"reason", fault.what()}});
    }
  });
}

}  // namespace speechcoach::pipeline
