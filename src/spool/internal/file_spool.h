// The spool of one process in a folder that it may share.
#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "spool/audio_spool.h"
#include "spool/internal/other_logs.h"
#include "spool/internal/stream.h"

namespace speechcoach::spool {

// Chunks are laid into one of several lanes, a stream's always into the same, so that connections rarely meet at a lock. One
// thread takes what is in the lanes and writes it, as soon as it is much; a few times a second it syncs once for all that it has
// written, and tells the streams.
class FileSpool final : public AudioSpool {
 public:
  // `folder`: this process's own, inside options.folder; `lock`: its lock's descriptor, held until the end.
  FileSpool(const FileSpoolOptions& options, const base::Clock& clock, std::filesystem::path folder, int lock);
  ~FileSpool() override;

  base::Result<std::unique_ptr<StreamWriter>> Create(const StreamId& id, std::string header, OnSafe on_safe) override;
  base::Result<Resumed> Resume(const StreamId& id, OnSafe on_safe) override;
  base::Result<StreamContent> Read(const StreamId& id) override;
  base::Result<StreamSummary> Find(const StreamId& id) override;
  std::vector<StreamId> Left(std::int64_t idle_ms) override;
  void Remove(const StreamId& id) override;
  bool RemoveLeft(const StreamId& id, std::int64_t idle_ms) override;
  void Clean(std::int64_t keep_ms) override;
  std::int64_t kept_bytes() const override { return kept_bytes_; }

  // For the writers.
  base::Status Append(const std::shared_ptr<Stream>& stream, std::uint32_t writer, RecordKind kind, std::uint32_t seq,
                      std::span<const std::uint8_t> bytes);
  static void LeaveOff(Stream& stream, std::uint32_t writer, std::int64_t now_ms);
  std::int64_t NowMs() const { return clock_.NowMs(); }

 private:
  struct Pending {
    std::shared_ptr<Stream> stream;
    RecordKind kind = RecordKind::kChunk;
    std::uint32_t seq = 0;
    std::uint32_t length = 0;  // of the payload
    std::int64_t offset = 0;   // of the header: in the lane's bytes, once written in the file
  };
  // What came in, in blocks: one vector that grows would hold twice as much, and move it again and again.
  struct Batch {
    std::vector<std::vector<std::uint8_t>> blocks;
    std::size_t bytes = 0;  // of all
    std::vector<Pending> records;
    std::vector<std::uint8_t>& BlockFor(std::size_t size);
    void Clear();
  };
  struct alignas(64) Lane {
    std::mutex mutex;
    Batch batch;
  };
  static constexpr std::size_t kLanes = 16;

  Lane& LaneOf(const Stream& stream) { return lanes_[(stream.key.session[15] ^ stream.key.turn) % kLanes]; }
  void Put(const std::shared_ptr<Stream>& stream, RecordKind kind, std::uint32_t seq, std::span<const std::uint8_t> bytes);
  std::unique_ptr<StreamWriter> NewWriter(const std::shared_ptr<Stream>& stream, OnSafe on_safe);  // with its mutex held
  std::shared_ptr<Stream> Known(const StreamId& id);

  void Run();
  // Puts what is in the lanes into the current segment.
  void Write();
  base::Status WriteLanes();
  // Makes safe what was written, and tells the streams.
  void Commit();
  void Settle(const base::Status& outcome);
  void LeaveSegment();
  base::Status MakeRoom(std::int64_t bytes);
  void WaitUntilSafe(Stream& stream);
  void DropIfUnused(const std::shared_ptr<SegmentFile>& file);

  const FileSpoolOptions options_;
  const base::Clock& clock_;
  const std::filesystem::path folder_;
  const int lock_;
  OtherLogs others_;

  std::array<Lane, kLanes> lanes_;
  std::array<Batch, kLanes> writing_;  // the committer's, as the three below
  std::vector<Pending> written_;       // into the current segment, not synced yet
  std::int64_t synced_size_ = 0;       // of the current segment
  std::chrono::milliseconds interval_;
  std::atomic<std::size_t> unwritten_bytes_ = 0;
  std::atomic<std::size_t> unsafe_bytes_ = 0;
  std::atomic<std::int64_t> kept_bytes_ = 0;
  std::atomic<bool> has_work_ = false;

  std::mutex wake_mutex_;
  std::condition_variable wake_;       // the committer
  std::condition_variable committed_;  // whoever waits for it
  std::uint64_t commits_ = 0;
  bool is_hurried_ = false;  // somebody waits
  bool is_much_ = false;     // is in the lanes
  bool is_stopping_ = false;

  std::mutex streams_mutex_;
  std::map<StreamId, std::shared_ptr<Stream>> streams_;

  std::mutex segments_mutex_;
  std::shared_ptr<SegmentFile> current_;  // appended to
  std::uint64_t next_segment_ = 1;
  std::thread committer_;
};

}  // namespace speechcoach::spool
