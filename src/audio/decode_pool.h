// A bounded number of decoder processes, kept warm and handed out one request at a time.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "audio/decode_worker.h"
#include "base/config.h"
#include "base/result.h"

namespace speechcoach::audio {

// Thread-safe. Outlives its leases.
class DecodePool {
 public:
  // Gives the worker back at its end; one that is no longer usable is replaced.
  class Lease {
   public:
    Lease(DecodePool& pool, std::unique_ptr<DecodeWorker> worker) : pool_(&pool), worker_(std::move(worker)) {}
    Lease(Lease&& other) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease();
    DecodeWorker& operator*() const { return *worker_; }
    DecodeWorker* operator->() const { return worker_.get(); }

   private:
    DecodePool* pool_;
    std::unique_ptr<DecodeWorker> worker_;
  };

  // Starts one process at once, the others when they are needed.
  DecodePool(const base::AudioConfig& config, std::filesystem::path program);

  // A ready worker. Errors: kBusy (none became free by the deadline), kInternal (no process can be started or confined).
  base::Result<Lease> Acquire(Deadline deadline);

 private:
  void GiveBack(std::unique_ptr<DecodeWorker> worker);

  const base::AudioConfig config_;
  const std::filesystem::path program_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<DecodeWorker>> idle_;
  int leased_ = 0;
};

}  // namespace speechcoach::audio
