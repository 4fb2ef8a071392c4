#include "api/http/work_pool.h"

#include <exception>
#include <utility>

#include "base/log.h"

namespace speechcoach::api {

WorkPool::WorkPool(int threads, std::size_t max_waiting) : max_waiting_(max_waiting) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
}

bool WorkPool::Add(std::function<void()> task, bool always) {
  {
    const std::lock_guard lock(mutex_);
    if (is_stopping_ || (!always && tasks_.size() >= max_waiting_)) return false;
    tasks_.push_back(std::move(task));
  }
  changed_.notify_one();
  return true;
}

void WorkPool::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return is_stopping_ || !tasks_.empty(); });
    if (tasks_.empty()) return;
    std::function<void()> task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    try {
      task();
    } catch (const std::exception& fault) {
      base::Log(base::LogLevel::kError, "request task failed", {{"reason", fault.what()}});
    }
    task = nullptr;  // what it holds goes away outside the lock
    lock.lock();
  }
}

void WorkPool::Stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

}  // namespace speechcoach::api
