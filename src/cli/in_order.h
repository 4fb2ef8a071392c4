// Many like pieces of work on all cores, their results in order.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace speechcoach::cli {

// Calls work(0), ... work(count - 1) on `workers` threads and take(i, result) on this one, in order of i. `work` must not throw. A result that
// is not yet due waits, so memory grows where one piece takes very long.
template <typename Value>
void RunInOrder(std::size_t count, std::size_t workers, const std::function<Value(std::size_t)>& work,
                const std::function<void(std::size_t, Value)>& take) {
  std::mutex mutex;
  std::condition_variable done;
  std::size_t next = 0;
  std::map<std::size_t, Value> results;
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < workers; ++i) {
    threads.emplace_back([&] {
      for (;;) {
        std::size_t piece = 0;
        {
          const std::lock_guard lock(mutex);
          if (next >= count) return;
          piece = next++;
        }
        Value value = work(piece);
        const std::lock_guard lock(mutex);
        results.emplace(piece, std::move(value));
        done.notify_one();
      }
    });
  }
  for (std::size_t due = 0; due < count; ++due) {
    std::unique_lock lock(mutex);
    done.wait(lock, [&] { return results.contains(due); });
    auto node = results.extract(due);
    lock.unlock();
    take(due, std::move(node.mapped()));
  }
}

}  // namespace speechcoach::cli
