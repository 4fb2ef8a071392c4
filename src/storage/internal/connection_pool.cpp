#include "storage/internal/connection_pool.h"

namespace speechcoach::storage {

ConnectionPool::ConnectionPool(const PoolOptions& options, Opener open, WasClosed was_closed)
    : options_(options), open_(std::move(open)), was_closed_(std::move(was_closed)), connections_(static_cast<std::size_t>(options.size)) {
  for (Connection& connection : connections_) {
    connection.session = std::make_unique<soci::session>();
    open_(*connection.session);
    free_.push_back(&connection);
  }
}

ConnectionPool::Lease::Lease(ConnectionPool& pool, Access access)
    : pool_(pool), is_the_writer_(pool.options_.one_writer && access == Access::kWrite) {
  std::unique_lock lock(pool_.mutex_);
  const bool in_time = pool_.changed_.wait_for(lock, pool_.options_.wait,
                                               [this] { return !pool_.free_.empty() && !(is_the_writer_ && pool_.writing_); });
  if (!in_time) return;
  connection_ = pool_.free_.back();
  pool_.free_.pop_back();
  if (is_the_writer_) pool_.writing_ = true;
}

void ConnectionPool::Lease::OpenIfLost() const {
  const int era = pool_.era_;
  if (connection_->opened_in_era == era && !pool_.was_closed_(*connection_->session)) return;
  connection_->session = std::make_unique<soci::session>();
  pool_.open_(*connection_->session);
  connection_->opened_in_era = era;
}

void ConnectionPool::Lease::ReportLost() const {
  int era = connection_->opened_in_era;
  pool_.era_.compare_exchange_strong(era, era + 1);
}

ConnectionPool::Lease::~Lease() {
  if (connection_ == nullptr) return;
  {
    const std::lock_guard lock(pool_.mutex_);
    pool_.free_.push_back(connection_);
    if (is_the_writer_) pool_.writing_ = false;
  }
  pool_.changed_.notify_all();
}

}  // namespace speechcoach::storage
