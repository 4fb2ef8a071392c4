#include "pipeline/listening_thread.h"

#include <sys/resource.h>
#include <unistd.h>

#include <exception>
#include <stop_token>
#include <utility>

#include "base/log.h"

namespace speechcoach::pipeline {
namespace {

// Of ten seconds of a busy core it has one.
constexpr int kNiceness = 10;

}  // namespace

ListeningThread::ListeningThread() : thread_([this](const std::stop_token& stop) { Work(stop); }) {}

void ListeningThread::Run(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  changed_.notify_one();
}

void ListeningThread::Work(const std::stop_token& stop) {
  // On Linux a thread's niceness is its own. Where it is refused the thread is as urgent as the others.
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kNiceness);
  while (true) {
    std::function<void()> task;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, stop, [this] { return !tasks_.empty(); });
      if (stop.stop_requested()) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    try {
      task();
    } catch (const std::exception& fault) {
      base::Log(base::LogLevel::kError, "listening failed", {{"reason", fault.what()}});
    }
  }
}

}  // namespace speechcoach::pipeline
