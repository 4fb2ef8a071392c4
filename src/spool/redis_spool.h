// A spool that servers share without sharing a disk: the newest part of a recording is in Redis, what came before in the blob store.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "base/clock.h"
#include "redis/client.h"
#include "spool/audio_spool.h"
#include "storage/blob_store.h"

namespace speechcoach::spool {

struct RedisSpoolOptions {
  std::int64_t max_bytes = 1024LL * 1024 * 1024;      // in Redis, of all servers together
  std::size_t segment_bytes = 128 * 1024;             // of a stream in Redis: then they move to the blob store
  std::size_t max_stream_bytes = 224 * 1024;          // of a stream in Redis; with what Redis adds less than 320 KB
  std::size_t max_unsafe_bytes = 256u * 1024 * 1024;  // of this process, waiting for Redis
  std::chrono::milliseconds commit_interval{45};      // chunks of so long go to Redis together
  int movers = 8;                                     // threads that wait for the blob store
  std::chrono::milliseconds patience{20'000};         // of Read and Resume, with what is not safe yet
};

// What is safe has been answered by Redis, or is in the blob store: how safe that is, Redis's own appendonly and appendfsync say.
// `redis`, `blobs` and `clock` outlive it.
std::unique_ptr<AudioSpool> MakeRedisSpool(const RedisSpoolOptions& options, redis::Client& redis, storage::BlobStore& blobs,
                                           const base::Clock& clock);

}  // namespace speechcoach::spool
