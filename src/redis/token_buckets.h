// Token buckets that processes share: for each of many keys so many at once, then so many a second.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "redis/hurried_client.h"

namespace speechcoach::redis {

struct BucketRate {
  std::string name;  // buckets of another name are others, for the same key too
  double per_second = 1;
  double burst = 1;  // at least one
};

// Time is the server's: processes need not agree on it. A bucket is forgotten when it is full again. Keys are people's addresses and names,
// so the server gets their hashes alone. Thread-safe.
class TokenBuckets {
 public:
  // On connections of its own; `patience` is HurriedClient's.
  explicit TokenBuckets(Options server, std::chrono::milliseconds patience = HurriedClient::kPatience)
      : client_(std::move(server), "limits", patience) {}

  struct Answer {
    std::int64_t wait_ms = 0;        // 0: one was there, and is taken; otherwise how long until there is
    std::int64_t left = 0;           // that may still be taken now
    std::int64_t ms_until_full = 0;  // until all may be taken at once again
  };
  // Nothing where the server is away: see HurriedClient.
  std::optional<Answer> Take(const BucketRate& rate, const std::string& key);

 private:
  HurriedClient client_;
};

}  // namespace speechcoach::redis
