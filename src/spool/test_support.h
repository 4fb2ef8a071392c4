// For the tests of both spools: chunks that can be told apart, and an ear for what a spool tells.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "spool/audio_spool.h"

namespace speechcoach::spool {

using Bytes = std::vector<std::uint8_t>;

inline Bytes ChunkOf(std::uint32_t seq, std::size_t size) {
  Bytes bytes(size);
  std::minstd_rand random(seq + 1);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

// Its chunks are ChunkOf(0, size) to ChunkOf(count - 1, size).
inline void ExpectChunksOf(const StreamContent& content, std::uint32_t count, std::size_t size) {
  ASSERT_EQ(content.next_seq(), count);
  for (std::uint32_t seq = 0; seq < count; ++seq) {
    const Bytes expected = ChunkOf(seq, size);
    const auto begin = content.bytes.begin() + (seq == 0 ? 0 : content.ends[seq - 1]);
    ASSERT_TRUE(std::equal(expected.begin(), expected.end(), begin)) << seq;
  }
}

// Waits for what the spool tells.
class Told {
 public:
  OnSafe Listen() {
    return [this](const base::Result<std::uint32_t>& next_seq) {
      const std::lock_guard lock(mutex_);
      if (next_seq.ok()) next_seq_ = std::max(next_seq_, *next_seq);
      if (!next_seq.ok()) lost_ = next_seq.error().code;
      changed_.notify_all();
    };
  }
  bool WaitFor(std::uint32_t next_seq) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(60), [&] { return next_seq_ >= next_seq; });
  }
  std::optional<base::ErrorCode> WaitUntilLost() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(60), [&] { return lost_.has_value(); });
    return lost_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint32_t next_seq_ = 0;
  std::optional<base::ErrorCode> lost_;
};

// One after the other, each told safe, until one is refused: the refusal, and how many were given to the writer, with that one.
struct Filled {
  base::Status refusal;
  std::uint32_t given = 0;
};
inline Filled AppendUntilRefused(StreamWriter& writer, Told& told, std::size_t size) {
  Filled filled;
  for (; filled.given < 100 && filled.refusal.ok(); ++filled.given) {
    filled.refusal = writer.Append(filled.given, ChunkOf(filled.given, size));
    if (filled.refusal.ok()) {
      EXPECT_TRUE(told.WaitFor(filled.given + 1));
    }
  }
  return filled;
}

}  // namespace speechcoach::spool
