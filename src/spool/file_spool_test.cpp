#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <fstream>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>

#include "base/id.h"
#include "spool/audio_spool.h"
#include "spool/internal/record.h"
#include "spool/test_support.h"

namespace {

std::atomic<int> g_syncs = 0;
std::atomic<bool> g_sync_fails = false;

}  // namespace

// In place of the C library's: a test cannot make a disk fail, nor see what a power cut would leave.
extern "C" int fdatasync(int descriptor) {
  ++g_syncs;
  if (!g_sync_fails) return static_cast<int>(syscall(SYS_fdatasync, descriptor));
  errno = EIO;
  return -1;
}

namespace speechcoach::spool {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr std::size_t kChunkBytes = 320;

Bytes Chunk(std::uint32_t seq, std::size_t size = kChunkBytes) { return ChunkOf(seq, size); }

class FileSpoolTest : public ::testing::Test {
 protected:
  ~FileSpoolTest() override { fs::remove_all(folder_); }

  std::unique_ptr<AudioSpool> Open(std::int64_t segment_bytes = 1 << 20, std::int64_t max_bytes = 1 << 30) {
    FileSpoolOptions options;
    options.folder = folder_;
    options.segment_bytes = segment_bytes;
    options.max_bytes = max_bytes;
    options.commit_interval = 1ms;
    return OpenFileSpool(options, clock_).value();
  }
  static StreamId NewId() { return {base::NewUuid(), 0}; }
  std::size_t Segments() const {
    std::size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) count += entry.path().extension() == ".log" ? 1 : 0;
    return count;
  }
  static void ExpectChunks(const StreamContent& content, std::uint32_t count, std::size_t size = kChunkBytes) {
    ExpectChunksOf(content, count, size);
  }

  const fs::path folder_ = fs::path(::testing::TempDir()) / ("spool_" + base::NewUuid());
  base::ManualClock clock_{1'800'000'000'000};
};

TEST_F(FileSpoolTest, TellsWhatIsSafeAndGivesItBack) {
  const auto spool = Open();
  const StreamId id = NewId();
  Told told;
  const auto writer = spool->Create(id, "pcm_s16le 16000", told.Listen()).value();
  for (std::uint32_t seq = 0; seq < 50; ++seq) ASSERT_TRUE(writer->Append(seq, Chunk(seq)).ok());
  ASSERT_TRUE(told.WaitFor(50));
  EXPECT_EQ(writer->unsafe_bytes(), 0u);
  const auto content = spool->Read(id);
  ASSERT_TRUE(content.ok());
  EXPECT_EQ(content->header, "pcm_s16le 16000");
  EXPECT_FALSE(content->last_seq);
  ExpectChunks(*content, 50);
}

// More than is held in memory, in chunks of two lengths, over several files; the sync itself would come in an hour.
TEST_F(FileSpoolTest, WhoReadsWaitsForNoInterval) {
  FileSpoolOptions options;
  options.folder = folder_;
  options.segment_bytes = 3 << 20;
  options.commit_interval = std::chrono::hours(1);
  const auto spool = OpenFileSpool(options, clock_).value();
  const StreamId id = NewId();
  const auto writer = spool->Create(id, "", [](const auto&) {}).value();
  Bytes sent;
  for (std::uint32_t seq = 0; seq < 2500; ++seq) {
    const Bytes chunk = Chunk(seq, seq % 3 == 0 ? 1280 : 3200);
    ASSERT_TRUE(writer->Append(seq, chunk).ok());
    sent.insert(sent.end(), chunk.begin(), chunk.end());
    // What is written at once is in one file.
    if (seq == 1250) {
      ASSERT_TRUE(spool->Read(id).ok());
    }
  }
  const auto content = spool->Read(id);
  ASSERT_TRUE(content.ok());
  EXPECT_EQ(content->next_seq(), 2500u);
  EXPECT_TRUE(content->bytes == sent);
  EXPECT_GT(Segments(), 1u);
}

TEST_F(FileSpoolTest, ReadsWhatWasAppendedAMomentAgo) {
  const auto spool = Open();
  const StreamId id = NewId();
  const auto writer = spool->Create(id, "", [](const auto&) {}).value();
  ASSERT_TRUE(writer->Append(0, Chunk(0)).ok());
  ASSERT_TRUE(writer->Seal(0).ok());
  const auto content = spool->Read(id);
  ASSERT_TRUE(content.ok());
  ExpectChunks(*content, 1);
  EXPECT_EQ(content->last_seq, 0u);
}

TEST_F(FileSpoolTest, ALaterWriterTakesOver) {
  const auto spool = Open();
  const StreamId id = NewId();
  const auto before = spool->Create(id, "h", [](const auto&) {}).value();
  ASSERT_TRUE(before->Append(0, Chunk(0)).ok());
  Told told;
  auto resumed = spool->Resume(id, told.Listen());
  ASSERT_TRUE(resumed.ok());
  EXPECT_EQ(resumed->content.next_seq(), 1u);
  EXPECT_EQ(before->Append(1, Chunk(1)).error().code, base::ErrorCode::kWrongState);
  ASSERT_TRUE(resumed->writer->Append(1, Chunk(1)).ok());
  ASSERT_TRUE(told.WaitFor(2));
  EXPECT_EQ(spool->Resume(NewId(), [](const auto&) {}).error().code, base::ErrorCode::kNotFound);
}

// More than is held in memory is written before the sync, which would come in an hour. The process that goes on makes it safe
// first, and keeps it whatever becomes of the other.
TEST_F(FileSpoolTest, WhatAnotherHasOnlyWrittenIsMadeSafeFirst) {
  FileSpoolOptions options;
  options.folder = folder_;
  options.commit_interval = std::chrono::hours(1);
  const auto first = OpenFileSpool(options, clock_).value();
  const StreamId id = NewId();
  Told told;
  const auto writer = first->Create(id, "h", told.Listen()).value();
  const auto second = Open();
  constexpr std::size_t kLong = 32 * 1024;
  for (std::uint32_t seq = 0; seq < 40; ++seq) ASSERT_TRUE(writer->Append(seq, Chunk(seq, kLong)).ok());
  while (!second->Find(id) || second->Find(id)->next_seq == 0) std::this_thread::yield();
  g_syncs = 0;
  g_sync_fails = true;
  EXPECT_EQ(second->Read(id).error().code, base::ErrorCode::kStorageUnavailable);
  EXPECT_EQ(second->Resume(id, [](const auto&) {}).error().code, base::ErrorCode::kStorageUnavailable);
  EXPECT_EQ(g_syncs, 2);
  g_sync_fails = false;
  const auto resumed = second->Resume(id, [](const auto&) {});
  ASSERT_TRUE(resumed.ok());
  const std::uint32_t next = resumed->content.next_seq();
  EXPECT_GT(next, 0u);
  g_sync_fails = true;
  EXPECT_EQ(first->Read(id).error().code, base::ErrorCode::kStorageUnavailable);
  g_sync_fails = false;
  EXPECT_TRUE(told.WaitUntilLost().has_value());
  ExpectChunks(second->Read(id).value(), next, kLong);
  ASSERT_TRUE(first->Resume(id, told.Listen()).ok());
  first->Remove(id);
  EXPECT_EQ(first->kept_bytes(), 0);
}

// A process killed at any moment loses nothing that it said was safe; another goes on.
TEST_F(FileSpoolTest, AnotherProcessGoesOnAfterAKill) {
  const StreamId id = NewId();
  int told_by[2];
  ASSERT_EQ(pipe(told_by), 0);
  const pid_t child = fork();
  if (child == 0) {
    const auto spool = Open(8192);
    const auto writer = spool->Create(id, "h", [&](const base::Result<std::uint32_t>& next_seq) {
      const std::uint32_t next = next_seq.value();
      if (write(told_by[1], &next, sizeof next) != sizeof next) _exit(1);
    });
    for (std::uint32_t seq = 0;; ++seq) {
      while (!writer.value()->Append(seq, Chunk(seq)).ok()) std::this_thread::yield();
    }
  }
  std::uint32_t safe = 0;
  while (safe < 300) ASSERT_EQ(read(told_by[0], &safe, sizeof safe), static_cast<ssize_t>(sizeof safe));
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  close(told_by[0]);
  close(told_by[1]);

  const auto second = Open(8192);
  ASSERT_TRUE(second->Find(id));
  EXPECT_GE(second->Find(id)->next_seq, safe);
  Told told;
  auto resumed = second->Resume(id, told.Listen()).value();
  const std::uint32_t next = resumed.content.next_seq();
  EXPECT_GE(next, safe);
  ExpectChunks(resumed.content, next);
  for (std::uint32_t seq = next; seq < next + 40; ++seq) ASSERT_TRUE(resumed.writer->Append(seq, Chunk(seq)).ok());
  ASSERT_TRUE(told.WaitFor(next + 40));

  const auto third = Open(8192);
  const auto content = third->Read(id);
  ASSERT_TRUE(content.ok());
  EXPECT_EQ(content->header, "h");
  ExpectChunks(*content, next + 40);
}

TEST_F(FileSpoolTest, FilesGoWithTheLastStreamInThem) {
  const auto spool = Open(4096);
  std::vector<StreamId> ids;
  std::vector<std::unique_ptr<StreamWriter>> writers;
  for (int i = 0; i < 20; ++i) {
    ids.push_back(NewId());
    Told told;
    writers.push_back(spool->Create(ids.back(), "", told.Listen()).value());
    for (std::uint32_t seq = 0; seq < 8; ++seq) ASSERT_TRUE(writers.back()->Append(seq, Chunk(seq)).ok());
    ASSERT_TRUE(told.WaitFor(8));
    ASSERT_TRUE(spool->Read(ids.back()).ok());
  }
  EXPECT_GT(Segments(), 10u);
  for (const StreamId& id : ids) spool->Remove(id);
  EXPECT_EQ(Segments(), 1u);
  EXPECT_EQ(spool->Read(ids[3]).error().code, base::ErrorCode::kNotFound);
  EXPECT_EQ(writers[3]->Append(8, Chunk(8)).error().code, base::ErrorCode::kWrongState);
}

TEST_F(FileSpoolTest, AFullSpoolIsBusyUntilSomethingGoes) {
  const auto spool = Open(4096, 8192);
  const StreamId id = NewId();
  Told told;
  const auto writer = spool->Create(id, "", told.Listen()).value();
  const auto [refusal, seq] = AppendUntilRefused(*writer, told, kChunkBytes);
  EXPECT_EQ(refusal.error().code, base::ErrorCode::kBusy);
  EXPECT_EQ(spool->Create(NewId(), "", [](const auto&) {}).error().code, base::ErrorCode::kBusy);
  ExpectChunks(spool->Read(id).value(), seq - 1);
  // Its end is taken: it frees room.
  ASSERT_TRUE(writer->Seal(seq - 2).ok());
  EXPECT_EQ(spool->Read(id)->last_seq, seq - 2);
  spool->Remove(id);
  EXPECT_TRUE(spool->Create(NewId(), "", [](const auto&) {}).ok());
}

TEST_F(FileSpoolTest, ADiskThatFailsIsTold) {
  std::signal(SIGXFSZ, SIG_IGN);
  const auto spool = Open(4096);
  const StreamId id = NewId();
  Told told;
  const auto writer = spool->Create(id, "", told.Listen()).value();
  ASSERT_TRUE(writer->Append(0, Chunk(0)).ok());
  ASSERT_TRUE(told.WaitFor(1));
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{600, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  ASSERT_TRUE(writer->Append(1, Chunk(1)).ok());
  EXPECT_TRUE(told.WaitUntilLost().has_value());
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_EQ(writer->Append(2, Chunk(2)).error().code, base::ErrorCode::kStorageUnavailable);
  auto resumed = spool->Resume(id, told.Listen());
  ASSERT_TRUE(resumed.ok());
  ExpectChunks(resumed->content, 1);
  ASSERT_TRUE(resumed->writer->Append(1, Chunk(1)).ok());
  ExpectChunks(spool->Read(id).value(), 2);
}

TEST_F(FileSpoolTest, WhatProcessesThatEndedLeftIsCleanedOnlyWhenOld) {
  const StreamId id = NewId();
  const pid_t child = fork();
  if (child == 0) {
    const auto spool = Open();
    Told told;
    const auto writer = spool->Create(id, "", told.Listen()).value();
    writer->Append(0, Chunk(0)).ok();
    _exit(told.WaitFor(1) ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_EQ(status, 0);
  const auto spool = Open();
  spool->Clean(60'000);
  EXPECT_TRUE(spool->Find(id));
  std::this_thread::sleep_for(5ms);
  spool->Clean(0);
  EXPECT_FALSE(spool->Find(id));
}

TEST_F(FileSpoolTest, LeftAreThoseThatNobodyWrites) {
  const auto spool = Open();
  const StreamId id = NewId();
  auto writer = spool->Create(id, "", [](const auto&) {}).value();
  clock_.Advance(1h);
  EXPECT_TRUE(spool->Left(60'000).empty());
  writer.reset();
  EXPECT_TRUE(spool->Left(60'000).empty());
  clock_.Advance(61s);
  EXPECT_EQ(spool->Left(60'000), std::vector{id});
}

TEST_F(FileSpoolTest, ManyStreamsFromManyThreads) {
  const auto spool = Open(64 * 1024);
  std::vector<std::thread> threads;
  std::atomic<int> intact = 0;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int round = 0; round < 5; ++round) {
        const StreamId id = NewId();
        const auto writer = spool->Create(id, "x", [](const auto&) {}).value();
        for (std::uint32_t seq = 0; seq < 60; ++seq) writer->Append(seq, Chunk(seq, 100 + seq)).ok();
        const auto content = spool->Read(id);
        if (content.ok() && content->next_seq() == 60 && content->ends.back() == 60 * 100 + 59 * 30) ++intact;
        if (round % 2 == 0) spool->Remove(id);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(intact, 40);
}

TEST(RecordTest, DamageIsSeen) {
  Record record;
  record.key.session = *UuidBytes("00112233-4455-6677-8899-aabbccddeeff");
  record.seq = 7;
  const Bytes payload = Chunk(1, 50);
  Bytes bytes;
  AppendRecord(record, payload, bytes);
  const auto head = [&] { return std::span(bytes).first(kRecordHeaderBytes); };
  const auto body = [&] { return std::span(bytes).subspan(kRecordHeaderBytes); };
  ASSERT_TRUE(IsIntact(head(), body()));
  EXPECT_EQ(ParseHeader(bytes)->seq, 7u);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    // The reserved number tells nothing, and is covered all the same.
    bytes[i] ^= 1;
    EXPECT_FALSE(IsIntact(head(), body())) << i;
    bytes[i] ^= 1;
  }
  EXPECT_FALSE(UuidBytes("00112233-4455-6677-8899-aabbccddeefg"));
  EXPECT_FALSE(UuidBytes("not an id"));
}

}  // namespace
}  // namespace speechcoach::spool
