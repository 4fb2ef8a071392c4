#include "spool/redis_spool.h"

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>

#include "base/id.h"
#include "redis/test_server.h"
#include "spool/internal/shared_logs.h"
#include "spool/test_support.h"

namespace speechcoach::spool {
namespace {

using namespace std::chrono_literals;
constexpr std::size_t kChunkBytes = 3200;

Bytes Chunk(std::uint32_t seq, std::size_t size = kChunkBytes) { return ChunkOf(seq, size); }

// In memory; fails when told to.
class MemoryBlobs final : public storage::BlobStore {
 public:
  base::Status Put(std::string_view key, std::span<const std::uint8_t> bytes) override {
    {
      std::unique_lock held(held_mutex_);
      ++waiting_;
      let_go_.notify_all();
      let_go_.wait(held, [this] { return !is_held_; });
      --waiting_;
    }
    const std::lock_guard lock(mutex_);
    if (fails) return {base::ErrorCode::kStorageUnavailable, "away"};
    blobs_[std::string(key)] = {bytes.begin(), bytes.end()};
    return {};
  }
  base::Result<Bytes> Get(std::string_view key) override {
    const std::lock_guard lock(mutex_);
    if (fails) return {base::ErrorCode::kStorageUnavailable, "away"};
    const auto found = blobs_.find(std::string(key));
    if (found == blobs_.end()) return {base::ErrorCode::kNotFound, "none"};
    return found->second;
  }
  base::Status Delete(std::string_view key) override {
    const std::lock_guard lock(mutex_);
    if (fails) return {base::ErrorCode::kStorageUnavailable, "away"};
    blobs_.erase(std::string(key));
    return {};
  }
  std::size_t count() {
    const std::lock_guard lock(mutex_);
    return blobs_.size();
  }

  // What is put waits until let go.
  void Hold(bool holds) {
    const std::lock_guard lock(held_mutex_);
    is_held_ = holds;
    let_go_.notify_all();
  }
  void WaitUntilOneIsHeld() {
    std::unique_lock lock(held_mutex_);
    ASSERT_TRUE(let_go_.wait_for(lock, 60s, [this] { return waiting_ > 0; }));
  }

  std::atomic<bool> fails = false;

 private:
  std::mutex mutex_;
  std::map<std::string, Bytes> blobs_;
  std::mutex held_mutex_;
  std::condition_variable let_go_;
  bool is_held_ = false;
  int waiting_ = 0;
};

class RedisSpoolTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(redis_.Run(redis::Command{"FLUSHDB"}).ok()); }

  std::unique_ptr<AudioSpool> Open(std::int64_t max_bytes = 1 << 30, std::chrono::milliseconds patience = 60s) {
    RedisSpoolOptions options;
    options.max_bytes = max_bytes;
    options.commit_interval = 1ms;
    options.movers = 2;
    options.patience = patience;
    return MakeRedisSpool(options, redis_, blobs_, clock_);
  }
  static StreamId NewId() { return {base::NewUuid(), 3}; }
  static void ExpectChunks(const StreamContent& content, std::uint32_t count, std::size_t size = kChunkBytes) {
    ExpectChunksOf(content, count, size);
  }
  // As a socket does: no more than so much waits.
  static void Send(StreamWriter& writer, std::uint32_t from, std::uint32_t to, std::size_t size = kChunkBytes) {
    for (std::uint32_t seq = from; seq < to; ++seq) {
      while (writer.unsafe_bytes() > 256 * 1024) std::this_thread::yield();
      const base::Status appended = writer.Append(seq, Chunk(seq, size));
      ASSERT_TRUE(appended.ok()) << appended.error().message;
    }
  }
  // Of all that Redis holds.
  std::int64_t LargestStream() {
    std::int64_t largest = 0;
    const auto keys = redis_.Run(redis::Command{"KEYS", "*"});
    for (const redis::Reply& key : keys->items) {
      const auto bytes = redis_.Run(redis::Command{"MEMORY", "USAGE", key.text, "SAMPLES", "0"});
      if (bytes.ok()) largest = std::max(largest, bytes->integer);
    }
    return largest;
  }
  std::size_t Keys() { return redis_.Run(redis::Command{"KEYS", "*"})->items.size(); }
  // All that is left is the number 0.
  void ExpectNothingLeft() {
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (blobs_.count() > 0 || Keys() > 1) ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    EXPECT_EQ(redis_.Run(redis::Command{"GET", "speechcoach.spool.bytes"})->text, "0");
  }

  redis::Client redis_{redis::TestServer("SPEECHCOACH_TEST_REDIS")};
  MemoryBlobs blobs_;
  base::ManualClock clock_{1'800'000'000'000};
};

TEST_F(RedisSpoolTest, TellsWhatIsSafeAndGivesItBackAnywhere) {
  const auto spool = Open();
  const StreamId id = NewId();
  Told told;
  const auto writer = spool->Create(id, "pcm_s16le 16000", told.Listen()).value();
  Send(*writer, 0, 20);
  ASSERT_TRUE(told.WaitFor(20));
  EXPECT_EQ(writer->unsafe_bytes(), 0u);
  ASSERT_TRUE(writer->Seal(19).ok());
  EXPECT_EQ(spool->Read(id)->last_seq, 19u);
  const auto other = Open();
  const auto content = other->Read(id);
  ASSERT_TRUE(content.ok());
  EXPECT_EQ(content->header, "pcm_s16le 16000");
  EXPECT_EQ(content->last_seq, 19u);
  ExpectChunks(*content, 20);
  EXPECT_EQ(other->Create(id, "", told.Listen()).error().code, base::ErrorCode::kConflict);
  EXPECT_EQ(other->Find(NewId()).error().code, base::ErrorCode::kNotFound);
  EXPECT_EQ(other->Read(NewId()).error().code, base::ErrorCode::kNotFound);
}

// 3.2 MB as fast as it goes: what Redis holds of it is bounded at every moment, and all of it is there in the end.
TEST_F(RedisSpoolTest, RedisHoldsTheNewestPartOfALongRecording) {
  const auto spool = Open();
  const StreamId id = NewId();
  Told told;
  const auto writer = spool->Create(id, "h", told.Listen()).value();
  std::atomic<bool> is_over = false;
  std::int64_t largest = 0;
  std::thread watcher([&] {
    while (!is_over) largest = std::max(largest, LargestStream());
  });
  Send(*writer, 0, 1000);
  EXPECT_TRUE(told.WaitFor(1000));
  is_over = true;
  watcher.join();
  EXPECT_GT(largest, 0);
  EXPECT_LE(largest, 320'000);
  EXPECT_LE(spool->kept_bytes(), 224 * 1024);
  EXPECT_GT(blobs_.count(), 5u);
  ExpectChunks(Open()->Read(id).value(), 1000);
  spool->Remove(id);
  EXPECT_EQ(spool->Find(id).error().code, base::ErrorCode::kNotFound);
  EXPECT_EQ(writer->Append(1000, Chunk(1000)).error().code, base::ErrorCode::kWrongState);
  ExpectNothingLeft();
}

// What one message may hold is more than Redis may.
TEST_F(RedisSpoolTest, ALongChunkGoesPastRedis) {
  const auto spool = Open();
  const StreamId id = NewId();
  Told told;
  const auto writer = spool->Create(id, "h", told.Listen()).value();
  constexpr std::size_t kLong = 300'000;
  Send(*writer, 0, 4, kLong);
  ASSERT_TRUE(told.WaitFor(4));
  EXPECT_LE(LargestStream(), 320'000);
  ExpectChunks(spool->Read(id).value(), 4, kLong);
  ASSERT_TRUE(writer->Seal(3).ok());
  EXPECT_EQ(spool->Read(id)->last_seq, 3u);
}

TEST_F(RedisSpoolTest, AnotherServerGoesOnAndTheOneBeforeIsTold) {
  const auto first = Open();
  const auto second = Open();
  const StreamId id = NewId();
  Told told_first;
  Told told_second;
  const auto before = first->Create(id, "h", told_first.Listen()).value();
  Send(*before, 0, 60);
  ASSERT_TRUE(told_first.WaitFor(60));
  auto resumed = second->Resume(id, told_second.Listen());
  ASSERT_TRUE(resumed.ok());
  ExpectChunks(resumed->content, 60);
  Send(*resumed->writer, 60, 130);
  ASSERT_TRUE(before->Append(60, Chunk(99)).ok()) << "it cannot know yet";
  EXPECT_EQ(told_first.WaitUntilLost(), base::ErrorCode::kWrongState);
  EXPECT_EQ(before->Append(61, Chunk(61)).error().code, base::ErrorCode::kWrongState);
  ASSERT_TRUE(told_second.WaitFor(130));
  ExpectChunks(first->Read(id).value(), 130);
}

TEST_F(RedisSpoolTest, ALaterConnectionTakesOver) {
  const auto spool = Open();
  const StreamId id = NewId();
  Told told;
  const auto before = spool->Create(id, "h", told.Listen()).value();
  ASSERT_TRUE(before->Append(0, Chunk(0)).ok());
  auto resumed = spool->Resume(id, told.Listen());
  ASSERT_TRUE(resumed.ok());
  EXPECT_EQ(resumed->content.next_seq(), 1u) << "what was appended goes on too";
  EXPECT_EQ(before->Append(1, Chunk(1)).error().code, base::ErrorCode::kWrongState);
  Send(*resumed->writer, 1, 50);
  ExpectChunks(spool->Read(id).value(), 50);
}

// Servers come and go at any moment; what was told safe is there.
TEST_F(RedisSpoolTest, NothingToldSafeIsLostHoweverOftenItIsTakenOver) {
  const StreamId id = NewId();
  std::minstd_rand random(7);
  std::uint32_t next = 0;
  for (int round = 0; round < 12; ++round) {
    std::atomic<std::uint32_t> safe = next;  // told of until the spool ends
    const auto spool = Open();
    const OnSafe listen = [&](const base::Result<std::uint32_t>& told) {
      if (told.ok()) safe = std::max<std::uint32_t>(safe, *told);
    };
    std::unique_ptr<StreamWriter> writer;
    if (round == 0) {
      writer = spool->Create(id, "h", listen).value();
    } else {
      auto resumed = spool->Resume(id, listen).value();
      ASSERT_GE(resumed.content.next_seq(), next);
      next = resumed.content.next_seq();
      ExpectChunks(resumed.content, next);
      writer = std::move(resumed.writer);
    }
    Send(*writer, next, next + 1 + static_cast<std::uint32_t>(random() % 200));
    // Whatever is on its way: another takes the stream while this one still sends.
    next = safe;
    auto other = Open();
    const auto taken = other->Resume(id, [](const auto&) {});
    ASSERT_TRUE(taken.ok()) << taken.error().message;
    ASSERT_GE(taken->content.next_seq(), next);
  }
  ExpectChunks(Open()->Read(id).value(), Open()->Find(id)->next_seq);
}

TEST_F(RedisSpoolTest, AFullRedisIsBusyUntilSomethingGoes) {
  const auto spool = Open(64 * 1024);
  const StreamId id = NewId();
  Told told;
  const auto writer = spool->Create(id, "", told.Listen()).value();
  const auto [refusal, seq] = AppendUntilRefused(*writer, told, kChunkBytes);
  EXPECT_EQ(refusal.error().code, base::ErrorCode::kBusy);
  // Its end adds nothing to what is kept.
  EXPECT_TRUE(writer->Seal(seq - 2).ok());
  EXPECT_EQ(spool->Read(id)->last_seq, seq - 2);
  const auto other = Open(64 * 1024);
  EXPECT_EQ(other->Create(NewId(), "", told.Listen()).error().code, base::ErrorCode::kBusy) << "full for all";
  const StreamId next = NewId();
  other->Remove(id);
  const auto again = spool->Create(next, "", told.Listen());
  ASSERT_TRUE(again.ok());
  // Found out within a moment.
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  base::Status kept = (*again)->Append(0, Chunk(0));
  while (!kept.ok() && kept.error().code == base::ErrorCode::kBusy && std::chrono::steady_clock::now() < deadline) {
    kept = (*again)->Append(0, Chunk(0));
  }
  EXPECT_TRUE(kept.ok());
}

TEST_F(RedisSpoolTest, ABlobStoreThatIsAwayIsNoLossBeforeRedisIsFull) {
  auto spool = Open();
  const StreamId id = NewId();
  Told told;
  auto writer = spool->Create(id, "h", told.Listen()).value();
  blobs_.fails = true;
  Send(*writer, 0, 60);
  ASSERT_TRUE(told.WaitFor(60)) << "192 KB fit Redis";
  ASSERT_TRUE(writer->Append(60, Chunk(60, 100'000)).ok());
  EXPECT_EQ(told.WaitUntilLost(), base::ErrorCode::kStorageUnavailable);
  EXPECT_EQ(writer->unsafe_bytes(), 0u);
  EXPECT_EQ(writer->Append(61, Chunk(61)).error().code, base::ErrorCode::kStorageUnavailable);
  blobs_.fails = false;
  auto resumed = spool->Resume(id, told.Listen());
  ASSERT_TRUE(resumed.ok());
  EXPECT_EQ(resumed->content.next_seq(), 60u);
  Send(*resumed->writer, 60, 120);
  ASSERT_TRUE(told.WaitFor(120));
  ExpectChunks(spool->Read(id).value(), 120);
  // A removal that is cut short is found again by any server.
  blobs_.fails = true;
  spool->Remove(id);
  spool.reset();
  blobs_.fails = false;
  const auto other = Open();
  ASSERT_EQ(other->Left(1'000), std::vector{id});
  EXPECT_EQ(other->Find(id).error().code, base::ErrorCode::kNotFound);
  other->Remove(id);
  ExpectNothingLeft();
}

// A removal waits for nothing; what was on its way to the blob store goes after it.
TEST_F(RedisSpoolTest, ABlobStoreThatHangsHoldsUpNobody) {
  const auto spool = Open(1 << 30, 10ms);
  const auto other = Open();
  const StreamId id = NewId();
  Told told;
  const auto writer = spool->Create(id, "h", told.Listen()).value();
  blobs_.Hold(true);
  ASSERT_TRUE(writer->Append(0, Chunk(0, 300'000)).ok());
  blobs_.WaitUntilOneIsHeld();
  EXPECT_EQ(spool->Read(id).error().code, base::ErrorCode::kStorageUnavailable);
  EXPECT_EQ(spool->Resume(id, told.Listen()).error().code, base::ErrorCode::kStorageUnavailable);
  spool->Remove(id);
  EXPECT_EQ(spool->Find(id).error().code, base::ErrorCode::kNotFound);
  // Another server ends the removal before the segment is there.
  other->Remove(id);
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (Keys() > 1) ASSERT_LT(std::chrono::steady_clock::now(), deadline);
  blobs_.Hold(false);
  EXPECT_EQ(told.WaitUntilLost(), base::ErrorCode::kWrongState);
  ExpectNothingLeft();
}

TEST_F(RedisSpoolTest, ARecordingOfTheSameNameOutlivesTheRemovalOfTheOneBefore) {
  const auto spool = Open();
  const StreamId id = NewId();
  Told told_before;
  Told told;
  {
    const auto before = spool->Create(id, "before", told_before.Listen()).value();
    Send(*before, 0, 60);
    ASSERT_TRUE(told_before.WaitFor(60));
    ASSERT_TRUE(before->Seal(59).ok());
    ASSERT_TRUE(spool->Read(id).ok());
  }
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (blobs_.count() == 0) ASSERT_LT(std::chrono::steady_clock::now(), deadline);
  blobs_.fails = true;
  spool->Remove(id);
  // The removal goes on only now.
  const auto writer = spool->Create(id, "now", told.Listen());
  ASSERT_TRUE(writer.ok());
  EXPECT_TRUE(Open()->Left(1'000).empty());
  Send(**writer, 0, 2);
  ASSERT_TRUE(told.WaitFor(2));
  blobs_.fails = false;
  storage::BlobStore& blobs = blobs_;
  SharedLogs logs(redis_, blobs);
  logs.RemoveSegments(id, {});
  const auto content = spool->Read(id);
  ASSERT_TRUE(content.ok()) << content.error().message;
  EXPECT_EQ(content->header, "now");
  EXPECT_FALSE(content->last_seq);
  ExpectChunks(*content, 2);
  spool->Remove(id);
  ExpectNothingLeft();
}

// Between another server's look and its removal.
TEST_F(RedisSpoolTest, WhatIsResumedIsNotCountedAsLeft) {
  const auto first = Open();
  const auto second = Open();
  const StreamId id = NewId();
  first->Create(id, "", [](const auto&) {}).value().reset();
  clock_.Advance(61s);
  ASSERT_EQ(second->Left(60'000), std::vector{id});
  auto resumed = first->Resume(id, [](const auto&) {});
  ASSERT_TRUE(resumed.ok());
  EXPECT_EQ(second->Find(id)->last_append_ms, clock_.NowMs());
  EXPECT_FALSE(second->RemoveLeft(id, 60'000));
  EXPECT_TRUE(second->Find(id));
  resumed->writer.reset();
  clock_.Advance(61s);
  EXPECT_TRUE(second->RemoveLeft(id, 60'000));
  EXPECT_FALSE(second->Find(id));
  EXPECT_TRUE(second->RemoveLeft(id, 60'000));
}

TEST_F(RedisSpoolTest, LeftAreThoseThatNobodyWritesAnywhere) {
  const auto first = Open();
  const auto second = Open();
  const StreamId id = NewId();
  auto writer = first->Create(id, "", [](const auto&) {}).value();
  clock_.Advance(59s);
  EXPECT_TRUE(first->Left(60'000).empty());
  clock_.Advance(59s);
  EXPECT_TRUE(second->Left(60'000).empty()) << "the first has said that it writes it";
  EXPECT_EQ(first->Find(id)->last_append_ms, clock_.NowMs());
  writer.reset();
  clock_.Advance(2s);
  EXPECT_EQ(second->Left(60'000), std::vector{id});
  EXPECT_EQ(first->Left(60'000), std::vector{id});
}

TEST_F(RedisSpoolTest, ARedisThatLostSomethingIsNoticed) {
  const auto spool = Open();
  const StreamId id = NewId();
  Told told;
  const auto writer = spool->Create(id, "", told.Listen()).value();
  Send(*writer, 0, 3);
  ASSERT_TRUE(told.WaitFor(3));
  ASSERT_TRUE(redis_.Run(redis::Command{"DEL", "speechcoach.spool." + id.session_id + ".3"}).ok());
  EXPECT_EQ(spool->Read(id).error().code, base::ErrorCode::kStorageUnavailable);
  ASSERT_TRUE(redis_.Run(redis::Command{"FLUSHDB"}).ok());
  ASSERT_TRUE(writer->Append(3, Chunk(3)).ok());
  EXPECT_TRUE(told.WaitUntilLost());
  EXPECT_EQ(spool->Resume(id, told.Listen()).error().code, base::ErrorCode::kNotFound);
}

TEST_F(RedisSpoolTest, ManyStreamsFromManyThreads) {
  const auto spool = Open();
  std::vector<std::thread> threads;
  std::atomic<int> intact = 0;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int round = 0; round < 5; ++round) {
        const StreamId id = NewId();
        const auto writer = spool->Create(id, "x", [](const auto&) {}).value();
        for (std::uint32_t seq = 0; seq < 90; ++seq) writer->Append(seq, Chunk(seq, 3000 + seq)).ok();
        const auto content = spool->Read(id);
        if (content.ok() && content->next_seq() == 90 && content->ends.back() == 90 * 3000 + 89 * 45) ++intact;
        spool->Remove(id);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(intact, 20);
  ExpectNothingLeft();
}

}  // namespace
}  // namespace speechcoach::spool
