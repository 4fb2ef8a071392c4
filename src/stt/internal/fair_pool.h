// A fixed set of things lent to one caller each; callers beyond their number wait in the order they came.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <stop_token>
#include <utility>
#include <vector>

#include "base/result.h"

namespace speechcoach::stt {

// Thread-safe. Outlives its loans.
template <typename T>
class FairPool {
 public:
  explicit FairPool(std::vector<std::unique_ptr<T>> items) : free_(std::move(items)) {}

  // Gives the thing back when it ends.
  class Loan {
   public:
    Loan(FairPool* pool, std::unique_ptr<T> item) : pool_(pool), item_(std::move(item)) {}
    Loan(Loan&&) noexcept = default;
    Loan& operator=(Loan&&) = delete;
    ~Loan() {
      if (item_) pool_->GiveBack(std::move(item_));
    }
    T* operator->() const { return item_.get(); }
    T& operator*() const { return *item_; }

   private:
    FairPool* pool_;
    std::unique_ptr<T> item_;
  };

  // Blocks. Errors: kBusy (no turn until `deadline`), kCancelled.
  base::Result<Loan> Take(std::stop_token stop, std::chrono::steady_clock::time_point deadline) {
    std::unique_lock lock(mutex_);
    const auto ticket = waiting_.insert(waiting_.end(), Ticket{});
    const bool is_my_turn =
        changed_.wait_until(lock, stop, deadline, [&] { return ticket == waiting_.begin() && !free_.empty(); });
    waiting_.erase(ticket);
    changed_.notify_all();
    if (!is_my_turn) {
      if (stop.stop_requested()) return {base::ErrorCode::kCancelled, "stopped while waiting for the speech model"};
      return {base::ErrorCode::kBusy, "the speech model was busy for too long"};
    }
    Loan loan(this, std::move(free_.back()));
    free_.pop_back();
    return loan;
  }

  // One that is free and that nobody waits for; does not block. Errors: kBusy.
  base::Result<Loan> TryTake() {
    const std::lock_guard lock(mutex_);
    if (free_.empty() || !waiting_.empty()) return {base::ErrorCode::kBusy, "the speech model is busy"};
    Loan loan(this, std::move(free_.back()));
    free_.pop_back();
    return loan;
  }

  std::size_t waiting() const {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
  }

 private:
  struct Ticket {};

  void GiveBack(std::unique_ptr<T> item) {
    {
      const std::lock_guard lock(mutex_);
      free_.push_back(std::move(item));
    }
    changed_.notify_all();
  }

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<std::unique_ptr<T>> free_;
  std::list<Ticket> waiting_;
};

}  // namespace speechcoach::stt
