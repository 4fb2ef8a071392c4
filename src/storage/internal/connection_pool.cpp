#include "storage/internal/connection_pool.h"

namespace speechcoach::storage {

ConnectionPool::ConnectionPool(const PoolOptions& options, Opener open, WasClosed was_closed)
    : options_(options),
      open_(std::move(open)),
      was_closed_(std::move(was_closed)),
      slots_(static_cast<std::size_t>(options.size)) {
  for (Slot& slot : slots_) {
    slot.session = std::make_unique<Connection>();
    open_(*slot.session);
    free_.push_back(&slot);
  }
}

ConnectionPool::Lease::Lease(ConnectionPool& pool, Access access)
    : pool_(pool), is_the_writer_(pool.options_.one_writer && access == Access::kWrite) {
  std::unique_lock lock(pool_.mutex_);
  const bool in_time = pool_.changed_.wait_for(lock, pool_.options_.wait,
                                               [this] { return !pool_.free_.empty() && !(is_the_writer_ && pool_.writing_); });
  if (!in_time) return;
  slot_ = pool_.free_.back();
  pool_.free_.pop_back();
  if (is_the_writer_) pool_.writing_ = true;
}

void ConnectionPool::Lease::OpenIfLost() const {
  const int era = pool_.era_;
  if (slot_->opened_in_era == era && !pool_.was_closed_(*slot_->session)) return;
  slot_->session = std::make_unique<Connection>();
  pool_.open_(*slot_->session);
  slot_->opened_in_era = era;
}

void ConnectionPool::Lease::ReportLost() const {
  int era = slot_->opened_in_era;
  pool_.era_.compare_exchange_strong(era, era + 1);
}

ConnectionPool::Lease::~Lease() {
  if (slot_ == nullptr) return;
  {
    const std::lock_guard lock(pool_.mutex_);
    pool_.free_.push_back(slot_);
    if (is_the_writer_) pool_.writing_ = false;
  }
  pool_.changed_.notify_all();
}

}  // namespace speechcoach::storage
