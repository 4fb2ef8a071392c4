#include "audio/decode_pool.h"

#include <utility>

namespace speechcoach::audio {

using base::ErrorCode;

DecodePool::Lease::~Lease() {
  if (worker_) pool_->GiveBack(std::move(worker_));
}

DecodePool::DecodePool(const base::AudioConfig& config, std::filesystem::path program)
    : config_(config), program_(std::move(program)) {
  // Where it cannot be started, the first request says so.
  if (auto worker = DecodeWorker::Start(config_, program_); worker.ok()) idle_.push_back(std::move(*worker));
}

base::Result<DecodePool::Lease> DecodePool::Acquire(Deadline deadline) {
  std::unique_ptr<DecodeWorker> worker;
  {
    std::unique_lock lock(mutex_);
    if (!freed_.wait_until(lock, deadline, [&] { return leased_ < config_.decode_processes; })) {
      return {ErrorCode::kBusy, "decoder: all processes are busy"};
    }
    ++leased_;
    if (!idle_.empty()) {
      worker = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  // A process that died while it was idle (killed from outside, say) must not cost a learner the recording.
  if (worker && !worker->IsUsable()) worker.reset();
  base::Status status;
  if (!worker) {
    auto started = DecodeWorker::Start(config_, program_);
    if (started.ok()) {
      worker = std::move(*started);
    } else {
      status = started.error();
    }
  }
  if (status.ok()) status = worker->WaitUntilReady(deadline);
  if (!status.ok()) {
    GiveBack(nullptr);
    return status.error();
  }
  return Lease(*this, std::move(worker));
}

void DecodePool::GiveBack(std::unique_ptr<DecodeWorker> worker) {
  if (worker && !worker->IsUsable()) {
    worker.reset();
    if (auto replacement = DecodeWorker::Start(config_, program_); replacement.ok()) worker = std::move(*replacement);
  }
  {
    const std::lock_guard lock(mutex_);
    if (worker) idle_.push_back(std::move(worker));
    --leased_;
  }
  freed_.notify_one();
}

}  // namespace speechcoach::audio
