// What one process does about the streams that it writes; what all servers share is SharedLogs'.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/task_threads.h"
#include "spool/internal/record.h"
#include "spool/internal/shared_logs.h"
#include "spool/redis_spool.h"

namespace speechcoach::spool {

// One thread sends what was appended a few times a second, for many streams in one step. A stream that has much in Redis is moved to the
// blob store while it goes on; one that has more to send than Redis is to hold waits for its move and goes with it.
class RedisSpool final : public AudioSpool {
 public:
  RedisSpool(const RedisSpoolOptions& options, redis::Client& redis, storage::BlobStore& blobs, const base::Clock& clock);
  ~RedisSpool() override;

  base::Result<std::unique_ptr<StreamWriter>> Create(const StreamId& id, std::string header, OnSafe on_safe) override;
  base::Result<Resumed> Resume(const StreamId& id, OnSafe on_safe) override;
  base::Result<StreamContent> Read(const StreamId& id) override;
  base::Result<StreamSummary> Find(const StreamId& id) override;
  std::vector<StreamId> Left(std::int64_t idle_ms) override;
  void Remove(const StreamId& id) override;
  bool RemoveLeft(const StreamId& id, std::int64_t idle_ms) override;
  void Clean(std::int64_t) override {}  // all servers find what is left
  std::int64_t kept_bytes() const override { return total_bytes_; }

 private:
  class Writer;

  // A stream that this process writes, or that has something on its way.
  struct Stream {
    StreamId id;
    RecordKey key;
    std::string writer;

    std::mutex moving;                    // held while its parts go to the blob store
    std::mutex mutex;                     // over what follows
    std::vector<std::uint8_t> waiting;    // records of chunks that nobody has yet
    std::uint32_t sent = 0;               // chunks before those
    std::uint32_t appended = 0;           // chunks with those
    std::optional<std::uint32_t> seal{};  // not noted yet
    std::int64_t stored_bytes = 0;        // in Redis; below 0 while a move knows more than the committer
    bool has_writer = true;
    bool is_queued = false;  // waits for the next commit
    bool is_moving = false;
    bool is_held = false;                   // chunks are on their way past Redis: others wait for them
    std::optional<base::ErrorCode> lost{};  // it takes no more: kWrongState where another writer has it
    std::shared_ptr<const OnSafe> on_safe;
    std::atomic<std::size_t> unsafe_bytes = 0;
  };
  using StreamPtr = std::shared_ptr<Stream>;

  std::unique_ptr<StreamWriter> Begin(const StreamId& id, std::string writer, std::uint32_t next_seq, std::size_t stored_bytes,
                                      OnSafe on_safe);
  base::Status Append(const StreamPtr& stream, std::uint32_t seq, std::span<const std::uint8_t> bytes);
  base::Status Seal(const StreamPtr& stream, std::uint32_t last_seq);
  base::Status Refusal(const Stream& stream, std::size_t bytes) const;  // with its mutex held
  void Queue(const StreamPtr& stream, std::size_t bytes);               // likewise
  StreamPtr Known(const StreamId& id);
  base::Status EndWriter(const StreamId& id);
  base::Status WaitUntilSafe(Stream& stream);
  void RemoveSegments(const StreamId& id, const StreamPtr& stream, std::vector<std::string> segments);

  void Run();
  void Commit(std::vector<StreamPtr> streams);
  void Send(std::vector<StreamPtr>& streams, std::vector<Addition>& additions);
  Records Take(Stream& stream);  // with its mutex held
  void Move(const StreamPtr& stream, const Records& behind);
  // `bytes` of the stream are safe, up to `next_seq`, or lost.
  void Settle(Stream& stream, std::size_t bytes, const base::Result<std::uint32_t>& next_seq);
  void Wake();

  const RedisSpoolOptions options_;
  const base::Clock& clock_;
  SharedLogs logs_;

  std::atomic<std::int64_t> total_bytes_ = 0;
  std::atomic<std::size_t> unsafe_bytes_ = 0;

  std::mutex mutex_;                 // over what follows
  std::condition_variable wake_;     // the committer
  std::condition_variable settled_;  // whoever waits for it
  std::vector<StreamPtr> queued_;
  std::map<StreamId, std::weak_ptr<Stream>> streams_;
  std::uint64_t rounds_ = 0;
  bool is_hurried_ = false;
  bool is_stopping_ = false;

  base::TaskThreads movers_;
  std::thread committer_;
};

}  // namespace speechcoach::spool
