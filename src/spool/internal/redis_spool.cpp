#include "spool/internal/redis_spool.h"

#include <utility>

#include "base/id.h"
#include "base/log.h"
#include "spool/internal/refusals.h"

namespace speechcoach::spool {
namespace {

constexpr std::size_t kWriterBytes = 8;
constexpr std::size_t kMostTogether = 64;                // streams in one step of Redis, which serves nobody else meanwhile
constexpr std::size_t kMostBytesTogether = 1024 * 1024;  // likewise
constexpr std::chrono::milliseconds kFullPause{250};

}  // namespace

class RedisSpool::Writer final : public StreamWriter {
 public:
  Writer(RedisSpool& spool, StreamPtr stream) : spool_(spool), stream_(std::move(stream)) {}
  ~Writer() override {
    const std::lock_guard lock(stream_->mutex);
    stream_->has_writer = false;
    stream_->on_safe.reset();
  }

  base::Status Append(std::uint32_t seq, std::span<const std::uint8_t> bytes) override {
    return spool_.Append(stream_, seq, bytes);
  }
  base::Status Seal(std::uint32_t last_seq) override { return spool_.Seal(stream_, last_seq); }
  std::size_t unsafe_bytes() const override { return stream_->unsafe_bytes; }

 private:
  RedisSpool& spool_;
  const StreamPtr stream_;
};

RedisSpool::RedisSpool(const RedisSpoolOptions& options, redis::Client& redis, storage::BlobStore& blobs,
                       const base::Clock& clock)
    : options_(options), clock_(clock), logs_(redis, blobs), movers_(options.movers), committer_([this] { Run(); }) {}

RedisSpool::~RedisSpool() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  wake_.notify_all();
  settled_.notify_all();
  committer_.join();
}

std::unique_ptr<StreamWriter> RedisSpool::Begin(const StreamId& id, std::string writer, std::uint32_t next_seq,
                                                std::size_t stored_bytes, OnSafe on_safe) {
  const auto stream = std::make_shared<Stream>();
  stream->id = id;
  stream->key = {*UuidBytes(id.session_id), id.turn};
  stream->writer = std::move(writer);
  stream->sent = stream->appended = next_seq;
  stream->stored_bytes = static_cast<std::int64_t>(stored_bytes);
  stream->on_safe = std::make_shared<const OnSafe>(std::move(on_safe));
  {
    const std::lock_guard lock(mutex_);
    streams_[id] = stream;
  }
  return std::make_unique<Writer>(*this, stream);
}

base::Result<std::unique_ptr<StreamWriter>> RedisSpool::Create(const StreamId& id, std::string header, OnSafe on_safe) {
  if (!UuidBytes(id.session_id) || header.size() > kMaxHeaderBytes)
    return {base::ErrorCode::kBadField, "spool: not a stream's name"};
  std::string writer = base::RandomHex(kWriterBytes);
  if (const base::Status made = logs_.Create(id, writer, header, clock_.NowMs(), options_.max_bytes); !made.ok())
    return made.error();
  return Begin(id, std::move(writer), 0, 0, std::move(on_safe));
}

base::Result<AudioSpool::Resumed> RedisSpool::Resume(const StreamId& id, OnSafe on_safe) {
  if (const base::Status ended = EndWriter(id); !ended.ok()) return ended.error();
  std::string writer = base::RandomHex(kWriterBytes);
  auto stored = logs_.Read(id, clock_.NowMs(), writer);
  if (!stored.ok()) return stored.error();
  Resumed resumed{std::move(stored->content), nullptr};
  resumed.writer = Begin(id, std::move(writer), resumed.content.next_seq(), stored->stored_bytes, std::move(on_safe));
  return resumed;
}

base::Result<StreamContent> RedisSpool::Read(const StreamId& id) {
  if (const StreamPtr stream = Known(id)) {
    if (const base::Status safe = WaitUntilSafe(*stream); !safe.ok()) return safe.error();
    const std::lock_guard lock(stream->mutex);
    if (stream->lost == base::ErrorCode::kStorageUnavailable) return Lost();
  }
  auto stored = logs_.Read(id, clock_.NowMs());
  if (!stored.ok()) return stored.error();
  return std::move(stored->content);
}

base::Result<StreamSummary> RedisSpool::Find(const StreamId& id) {
  auto found = logs_.Find(id);
  const StreamPtr stream = Known(id);
  if (!found.ok() || !stream) return found;
  const std::lock_guard lock(stream->mutex);
  if (stream->has_writer && !stream->lost) found->last_append_ms = clock_.NowMs();
  return found;
}

// Other servers ask this, too: what has a writer here is named to them first.
std::vector<StreamId> RedisSpool::Left(std::int64_t idle_ms) {
  const std::int64_t now_ms = clock_.NowMs();
  std::vector<StreamPtr> known;
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(streams_, [](const auto& entry) { return entry.second.expired(); });
    for (const auto& [id, stream] : streams_) {
      if (auto alive = stream.lock()) known.push_back(std::move(alive));
    }
  }
  std::vector<StreamId> written;
  for (const StreamPtr& stream : known) {
    const std::lock_guard lock(stream->mutex);
    if (stream->has_writer && !stream->lost) written.push_back(stream->id);
  }
  if (!logs_.Touch(written, now_ms).ok()) return {};
  auto silent = logs_.SilentSince(now_ms - idle_ms);
  return silent.ok() ? std::move(*silent) : std::vector<StreamId>();
}

void RedisSpool::Remove(const StreamId& id) {
  const StreamPtr stream = Known(id);
  if (stream) {
    const std::lock_guard lock(stream->mutex);
    stream->lost = base::ErrorCode::kWrongState;
  }
  auto segments = logs_.Remove(id);
  if (!segments.ok()) {
    base::Log(base::LogLevel::kWarning, "a recording not removed yet",
              {{"session_id", id.session_id}, {"reason", segments.error().message}});
    return;
  }
  RemoveSegments(id, stream, std::move(*segments));
}

bool RedisSpool::RemoveLeft(const StreamId& id, std::int64_t idle_ms) {
  const StreamPtr stream = Known(id);
  if (stream) {
    const std::lock_guard lock(stream->mutex);
    if (stream->has_writer && !stream->lost) return false;
  }
  auto segments = logs_.Remove(id, clock_.NowMs() - idle_ms);
  if (segments.ok()) RemoveSegments(id, stream, std::move(*segments));
  return segments.ok();
}

void RedisSpool::RemoveSegments(const StreamId& id, const StreamPtr& stream, std::vector<std::string> segments) {
  if (segments.empty()) return;
  movers_.Run([this, id, stream, gone = std::move(segments)] {
    // What is being moved would be written behind its removal: until it is there the index names it.
    std::unique_lock<std::mutex> moving;
    if (stream) moving = std::unique_lock(stream->moving);
    logs_.RemoveSegments(id, gone);
  });
}

RedisSpool::StreamPtr RedisSpool::Known(const StreamId& id) {
  const std::lock_guard lock(mutex_);
  const auto known = streams_.find(id);
  return known == streams_.end() ? nullptr : known->second.lock();
}

// Its writer in this process can append no more; what it has appended is safe first.
base::Status RedisSpool::EndWriter(const StreamId& id) {
  const StreamPtr stream = Known(id);
  if (!stream) return {};
  {
    const std::lock_guard lock(stream->mutex);
    if (!stream->lost) stream->lost = base::ErrorCode::kWrongState;
  }
  return WaitUntilSafe(*stream);
}

base::Status RedisSpool::WaitUntilSafe(Stream& stream) {
  const auto deadline = std::chrono::steady_clock::now() + options_.patience;
  std::unique_lock lock(mutex_);
  while (stream.unsafe_bytes > 0 && !is_stopping_) {
    is_hurried_ = true;
    wake_.notify_all();
    const auto is_settled = [&, seen = rounds_] { return rounds_ != seen || stream.unsafe_bytes == 0 || is_stopping_; };
    if (!settled_.wait_until(lock, deadline, is_settled))
      return {base::ErrorCode::kStorageUnavailable, "spool: not safe in time"};
  }
  return {};
}

base::Status RedisSpool::Refusal(const Stream& stream, std::size_t bytes) const {
  if (stream.lost) return *stream.lost == base::ErrorCode::kWrongState ? TakenOver() : Lost();
  if (unsafe_bytes_ + bytes > options_.max_unsafe_bytes) return {base::ErrorCode::kBusy, "spool: Redis is behind"};
  return {};
}

base::Status RedisSpool::Append(const StreamPtr& stream, std::uint32_t seq, std::span<const std::uint8_t> bytes) {
  const std::lock_guard lock(stream->mutex);
  if (const base::Status refused = Refusal(*stream, bytes.size()); !refused.ok()) return refused;
  if (total_bytes_ >= options_.max_bytes) return {base::ErrorCode::kBusy, "spool: full"};
  if (seq != stream->appended) return {base::ErrorCode::kInternal, "spool: chunks out of order"};
  Record record;
  record.key = stream->key;
  record.seq = seq;
  record.at_ms = clock_.NowMs();
  AppendRecord(record, bytes, stream->waiting);
  ++stream->appended;
  Queue(stream, kRecordHeaderBytes + bytes.size());
  return {};
}

base::Status RedisSpool::Seal(const StreamPtr& stream, std::uint32_t last_seq) {
  const std::lock_guard lock(stream->mutex);
  if (const base::Status refused = Refusal(*stream, 0); !refused.ok()) return refused;
  // A second seal before the first was noted takes its place.
  const std::size_t bytes = stream->seal ? 0 : kRecordHeaderBytes;
  stream->seal = last_seq;
  Queue(stream, bytes);
  return {};
}

void RedisSpool::Queue(const StreamPtr& stream, std::size_t bytes) {
  stream->unsafe_bytes += bytes;
  unsafe_bytes_ += bytes;
  if (std::exchange(stream->is_queued, true)) return;
  {
    const std::lock_guard lock(mutex_);
    queued_.push_back(stream);
    if (queued_.size() > 1) return;  // the committer knows
  }
  wake_.notify_all();
}

void RedisSpool::Run() {
  while (true) {
    std::vector<StreamPtr> streams;
    {
      std::unique_lock lock(mutex_);
      const auto has_work = [this] { return !queued_.empty() || is_stopping_; };
      while (!has_work()) {
        if (total_bytes_ < options_.max_bytes) {
          wake_.wait(lock);
        } else if (!wake_.wait_for(lock, kFullPause, has_work)) {
          lock.unlock();
          if (const auto total = logs_.TotalBytes(); total.ok()) total_bytes_ = *total;
          lock.lock();
        }
      }
      if (queued_.empty()) return;
      wake_.wait_for(lock, options_.commit_interval, [this] { return is_hurried_ || is_stopping_; });
      is_hurried_ = false;
      streams = std::exchange(queued_, {});
    }
    Commit(std::move(streams));
    Wake();
  }
}

void RedisSpool::Wake() {
  {
    const std::lock_guard lock(mutex_);
    ++rounds_;
  }
  settled_.notify_all();
}

Records RedisSpool::Take(Stream& stream) {
  Records records{std::exchange(stream.waiting, {}), stream.sent, stream.appended - stream.sent};
  stream.sent = stream.appended;
  return records;
}

void RedisSpool::Commit(std::vector<StreamPtr> streams) {
  std::vector<StreamPtr> together;
  std::vector<Addition> additions;
  std::size_t bytes = 0;
  for (StreamPtr& stream : streams) {
    {
      const std::lock_guard lock(stream->mutex);
      stream->is_queued = false;
      const bool fits =
          stream->stored_bytes + std::ssize(stream->waiting) <= static_cast<std::int64_t>(options_.max_stream_bytes);
      // Its move's end queues it again.
      if (stream->is_held || (!fits && stream->is_moving)) continue;
      if (!fits) {
        stream->is_moving = stream->is_held = true;
        movers_.Run([this, stream, behind = Take(*stream)] { Move(stream, behind); });
        continue;
      }
      additions.push_back({stream->id, stream->writer, Take(*stream), std::exchange(stream->seal, std::nullopt)});
    }
    bytes += additions.back().records.bytes.size();
    together.push_back(std::move(stream));
    if (together.size() < kMostTogether && bytes < kMostBytesTogether) continue;
    Send(together, additions);
    bytes = 0;
  }
  if (!together.empty()) Send(together, additions);
}

void RedisSpool::Send(std::vector<StreamPtr>& streams, std::vector<Addition>& additions) {
  const auto added = logs_.Add(additions, clock_.NowMs());
  if (added.ok()) total_bytes_ = added->total_bytes;
  for (std::size_t i = 0; i < streams.size(); ++i) {
    const StreamPtr& stream = streams[i];
    const Addition& addition = additions[i];
    base::Result<std::uint32_t> next_seq = addition.records.next();
    if (!added.ok()) {
      next_seq = added.error();
    } else if (!added->next_seqs[i]) {
      next_seq = TakenOver();
    } else if (added->next_seqs[i] != addition.records.next()) {
      next_seq = Lost();  // by Redis
    }
    if (next_seq.ok()) {
      const std::lock_guard lock(stream->mutex);
      stream->stored_bytes += std::ssize(addition.records.bytes);
      if (stream->stored_bytes >= static_cast<std::int64_t>(options_.segment_bytes) && !std::exchange(stream->is_moving, true)) {
        movers_.Run([this, stream] { Move(stream, {}); });
      }
    }
    Settle(*stream, addition.records.bytes.size() + (addition.last_seq ? kRecordHeaderBytes : 0), next_seq);
  }
  streams.clear();
  additions.clear();
}

void RedisSpool::Move(const StreamPtr& stream, const Records& behind) {
  const std::lock_guard moving(stream->moving);
  const auto moved_bytes = logs_.Move(stream->id, stream->writer, behind);
  base::Result<std::uint32_t> next_seq = behind.next();
  if (!moved_bytes.ok()) {
    base::Log(base::LogLevel::kWarning, "a part of a recording not moved",
              {{"session_id", stream->id.session_id}, {"reason", moved_bytes.error().message}});
    next_seq = moved_bytes.error();
  }
  if (behind.count > 0) Settle(*stream, behind.bytes.size(), next_seq);
  {
    const std::lock_guard lock(stream->mutex);
    if (moved_bytes.ok()) stream->stored_bytes -= static_cast<std::int64_t>(*moved_bytes);
    stream->is_moving = stream->is_held = false;
    if (!stream->waiting.empty() || stream->seal) Queue(stream, 0);
  }
  Wake();
}

void RedisSpool::Settle(Stream& stream, std::size_t bytes, const base::Result<std::uint32_t>& next_seq) {
  std::shared_ptr<const OnSafe> tell;
  {
    const std::lock_guard lock(stream.mutex);
    if (!next_seq.ok()) {
      stream.lost = next_seq.error().code == base::ErrorCode::kWrongState ? base::ErrorCode::kWrongState
                                                                          : base::ErrorCode::kStorageUnavailable;
      bytes += stream.waiting.size() + (stream.seal ? kRecordHeaderBytes : 0);
      stream.waiting.clear();
      stream.sent = stream.appended;
      stream.seal.reset();
    }
    stream.unsafe_bytes -= bytes;
    tell = stream.on_safe;
  }
  unsafe_bytes_ -= bytes;
  if (tell) (*tell)(next_seq);
}

std::unique_ptr<AudioSpool> MakeRedisSpool(const RedisSpoolOptions& options, redis::Client& redis, storage::BlobStore& blobs,
                                           const base::Clock& clock) {
  return std::make_unique<RedisSpool>(options, redis, blobs, clock);
}

}  // namespace speechcoach::spool
