#include "storage/internal/connection_pool.h"

namespace speechcoach::storage {

ConnectionPool::ConnectionPool(const PoolOptions& options, const Opener& open) : options_(options) {
  for (int i = 0; i < options.size; ++i) {
    sessions_.push_back(std::make_unique<soci::session>());
    open(*sessions_.back());
    free_.push_back(sessions_.back().get());
  }
}

ConnectionPool::Lease::Lease(ConnectionPool& pool, Access access)
    : pool_(pool), is_the_writer_(pool.options_.one_writer && access == Access::kWrite) {
  std::unique_lock lock(pool_.mutex_);
  const bool in_time = pool_.changed_.wait_for(lock, pool_.options_.wait,
                                               [this] { return !pool_.free_.empty() && !(is_the_writer_ && pool_.writing_); });
  if (!in_time) return;
  session_ = pool_.free_.back();
  pool_.free_.pop_back();
  if (is_the_writer_) pool_.writing_ = true;
}

ConnectionPool::Lease::~Lease() {
  if (session_ == nullptr) return;
  {
    const std::lock_guard lock(pool_.mutex_);
    pool_.free_.push_back(session_);
    if (is_the_writer_) pool_.writing_ = false;
  }
  pool_.changed_.notify_all();
}

}  // namespace speechcoach::storage
