#include "spool/internal/file_spool.h"

#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"
#include "spool/internal/refusals.h"

namespace speechcoach::spool {
namespace {

constexpr std::size_t kMuchBytes = 1024 * 1024;  // is written before it is synced: memory does not grow with the load
constexpr std::size_t kBlockBytes = 64 * 1024;   // of a lane; one of each is kept between writes
constexpr std::size_t kEasyRecords = 500;        // of a commit; after more the next one waits longer, for fewer syncs and acks
constexpr int kLongestFactor = 4;                // as long, at most

class FileStreamWriter final : public StreamWriter {
 public:
  FileStreamWriter(FileSpool& spool, std::shared_ptr<Stream> stream, std::uint32_t number)
      : spool_(spool), stream_(std::move(stream)), number_(number) {}
  ~FileStreamWriter() override { FileSpool::LeaveOff(*stream_, number_, spool_.NowMs()); }

  base::Status Append(std::uint32_t seq, std::span<const std::uint8_t> bytes) override {
    return spool_.Append(stream_, number_, RecordKind::kChunk, seq, bytes);
  }
  base::Status Seal(std::uint32_t last_seq) override { return spool_.Append(stream_, number_, RecordKind::kSeal, last_seq, {}); }
  std::size_t unsafe_bytes() const override { return stream_->unsafe_bytes; }

 private:
  FileSpool& spool_;
  const std::shared_ptr<Stream> stream_;
  const std::uint32_t number_;
};

}  // namespace

std::vector<std::uint8_t>& FileSpool::Batch::BlockFor(std::size_t size) {
  if (blocks.empty() || blocks.back().capacity() - blocks.back().size() < size)
    blocks.emplace_back().reserve(std::max(size, kBlockBytes));
  bytes += size;
  return blocks.back();
}

void FileSpool::Batch::Clear() {
  records.clear();
  bytes = 0;
  if (!blocks.empty() && blocks.front().capacity() > kBlockBytes) blocks.clear();
  blocks.resize(std::min<std::size_t>(blocks.size(), 1));
  for (auto& block : blocks) block.clear();
}

FileSpool::FileSpool(const FileSpoolOptions& options, const base::Clock& clock, std::filesystem::path folder, int lock)
    : options_(options),
      clock_(clock),
      folder_(std::move(folder)),
      lock_(lock),
      others_(options.folder, folder_),
      interval_(options.commit_interval),
      committer_([this] { Run(); }) {}

FileSpool::~FileSpool() {
  {
    const std::lock_guard lock(wake_mutex_);
    is_stopping_ = true;
  }
  wake_.notify_all();
  committer_.join();
  // What nobody needs any more does not wait for the next process to clean it up.
  const std::lock_guard lock(streams_mutex_);
  if (streams_.empty()) {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  ::close(lock_);
}

std::unique_ptr<StreamWriter> FileSpool::NewWriter(const std::shared_ptr<Stream>& stream, OnSafe on_safe) {
  stream->on_safe = std::make_shared<const OnSafe>(std::move(on_safe));
  stream->has_writer = true;
  return std::make_unique<FileStreamWriter>(*this, stream, ++stream->writer);
}

base::Result<std::unique_ptr<StreamWriter>> FileSpool::Create(const StreamId& id, std::string header, OnSafe on_safe) {
  const auto session = UuidBytes(id.session_id);
  if (!session || header.size() > kMaxHeaderBytes) return {base::ErrorCode::kBadField, "spool: not a stream's name"};
  if (kept_bytes_ >= options_.max_bytes) return {base::ErrorCode::kBusy, "spool: full"};
  const auto stream = std::make_shared<Stream>(id, RecordKey{*session, id.turn}, std::move(header));
  stream->last_append_ms = clock_.NowMs();
  {
    const std::lock_guard lock(streams_mutex_);
    if (!streams_.emplace(id, stream).second) return {base::ErrorCode::kConflict, "spool: the stream is there"};
  }
  const std::lock_guard lock(stream->mutex);
  const auto* text = reinterpret_cast<const std::uint8_t*>(stream->header.data());
  Put(stream, RecordKind::kOpen, 0, {text, stream->header.size()});
  return NewWriter(stream, std::move(on_safe));
}

base::Status FileSpool::Append(const std::shared_ptr<Stream>& stream, std::uint32_t writer, RecordKind kind, std::uint32_t seq,
                               std::span<const std::uint8_t> bytes) {
  const std::lock_guard lock(stream->mutex);
  if (stream->writer != writer || stream->is_removed) return TakenOver();
  if (stream->is_failed) return Lost();
  if (kind == RecordKind::kChunk && seq != stream->appended) return {base::ErrorCode::kInternal, "spool: chunks out of order"};
  if (unsafe_bytes_ + bytes.size() > options_.max_unsafe_bytes) return {base::ErrorCode::kBusy, "spool: the disk is behind"};
  if (kind == RecordKind::kChunk && kept_bytes_ >= options_.max_bytes) return {base::ErrorCode::kBusy, "spool: full"};
  Put(stream, kind, seq, bytes);
  if (kind == RecordKind::kChunk) ++stream->appended;
  return {};
}

void FileSpool::Put(const std::shared_ptr<Stream>& stream, RecordKind kind, std::uint32_t seq,
                    std::span<const std::uint8_t> bytes) {
  const std::size_t size = kRecordHeaderBytes + bytes.size();
  stream->last_append_ms = clock_.NowMs();
  Record record;
  record.kind = kind;
  record.key = stream->key;
  record.seq = seq;
  record.at_ms = stream->last_append_ms;
  stream->unsafe_bytes += size;
  {
    Lane& lane = LaneOf(*stream);
    const std::lock_guard lock(lane.mutex);
    lane.batch.records.push_back(
        {stream, kind, seq, static_cast<std::uint32_t>(bytes.size()), static_cast<std::int64_t>(lane.batch.bytes)});
    AppendRecord(record, bytes, lane.batch.BlockFor(size));
  }
  unsafe_bytes_ += size;
  const std::size_t waiting = unwritten_bytes_ += size;
  const bool is_much = waiting >= kMuchBytes && waiting - size < kMuchBytes;
  if (!has_work_.exchange(true) || is_much) {
    const std::lock_guard lock(wake_mutex_);
    is_much_ = is_much_ || is_much;
    wake_.notify_all();
  }
}

void FileSpool::LeaveOff(Stream& stream, std::uint32_t writer, std::int64_t now_ms) {
  const std::lock_guard lock(stream.mutex);
  if (stream.writer != writer) return;
  stream.has_writer = false;
  stream.on_safe.reset();
  stream.last_append_ms = now_ms;
}

std::shared_ptr<Stream> FileSpool::Known(const StreamId& id) {
  const std::lock_guard lock(streams_mutex_);
  const auto known = streams_.find(id);
  return known == streams_.end() ? nullptr : known->second;
}

void FileSpool::WaitUntilSafe(Stream& stream) {
  std::unique_lock lock(wake_mutex_);
  while (stream.unsafe_bytes > 0 && !is_stopping_) {
    is_hurried_ = true;
    wake_.notify_all();
    committed_.wait(lock, [&, seen = commits_] { return commits_ != seen || stream.unsafe_bytes == 0 || is_stopping_; });
  }
}

base::Result<AudioSpool::Resumed> FileSpool::Resume(const StreamId& id, OnSafe on_safe) {
  std::shared_ptr<Stream> stream = Known(id);
  if (!stream) {
    const auto session = UuidBytes(id.session_id);
    auto found = session ? others_.Find({*session, id.turn}) : std::nullopt;
    if (!found) return NotThere();
    // What is told safe from here on must be, though its own process has only written it so far.
    if (const base::Status synced = found->chunks.Sync(); !synced.ok()) return synced.error();
    stream = std::make_shared<Stream>(id, RecordKey{*session, id.turn}, found->header);
    stream->chunks = std::move(found->chunks);
    stream->appended = static_cast<std::uint32_t>(stream->chunks.size());
    stream->last_seq = found->last_seq;
    stream->last_append_ms = found->last_append_ms;
    const std::lock_guard stream_lock(stream->mutex);
    {
      const std::lock_guard lock(streams_mutex_);
      stream = streams_.emplace(id, stream).first->second;
    }
    // Should the process that has the stream's beginning be cleaned up, this one's log still tells what it is.
    const auto* text = reinterpret_cast<const std::uint8_t*>(stream->header.data());
    Put(stream, RecordKind::kOpen, 0, {text, stream->header.size()});
  }
  {
    // From here on the writer before can append no more.
    const std::lock_guard lock(stream->mutex);
    if (stream->is_removed) return NotThere();
    ++stream->writer;
  }
  WaitUntilSafe(*stream);
  const std::lock_guard lock(stream->mutex);
  if (stream->is_removed) return NotThere();
  auto content = stream->chunks.Read(stream->header);
  if (!content.ok()) return content.error();
  content->last_seq = stream->last_seq;
  stream->is_failed = false;
  stream->appended = content->next_seq();
  Resumed resumed{std::move(*content), nullptr};
  resumed.writer = NewWriter(stream, std::move(on_safe));
  return resumed;
}

base::Result<StreamContent> FileSpool::Read(const StreamId& id) {
  const std::shared_ptr<Stream> stream = Known(id);
  if (!stream) {
    const auto session = UuidBytes(id.session_id);
    const auto found = session ? others_.Find({*session, id.turn}) : std::nullopt;
    if (!found) return NotThere();
    if (const base::Status synced = found->chunks.Sync(); !synced.ok()) return synced.error();
    auto content = found->chunks.Read(found->header);
    if (content.ok()) content->last_seq = found->last_seq;
    return content;
  }
  WaitUntilSafe(*stream);
  Places chunks;
  std::optional<std::uint32_t> last_seq;
  {
    const std::lock_guard lock(stream->mutex);
    if (stream->is_removed) return NotThere();
    if (stream->is_failed) return Lost();
    chunks = stream->chunks;
    last_seq = stream->last_seq;
  }
  auto content = chunks.Read(stream->header);
  if (content.ok()) content->last_seq = last_seq;
  return content;
}

base::Result<StreamSummary> FileSpool::Find(const StreamId& id) {
  if (const auto stream = Known(id)) {
    const std::lock_guard lock(stream->mutex);
    const std::int64_t last_ms = stream->has_writer ? clock_.NowMs() : stream->last_append_ms;
    return StreamSummary{static_cast<std::uint32_t>(stream->chunks.size()), stream->last_seq, last_ms};
  }
  const auto session = UuidBytes(id.session_id);
  const auto found = session ? others_.Find({*session, id.turn}) : std::nullopt;
  if (!found) return NotThere();
  return StreamSummary{static_cast<std::uint32_t>(found->chunks.size()), found->last_seq, found->last_append_ms};
}

std::vector<StreamId> FileSpool::Left(std::int64_t idle_ms) {
  const std::int64_t before_ms = clock_.NowMs() - idle_ms;
  std::vector<StreamId> left;
  const std::lock_guard lock(streams_mutex_);
  for (const auto& [id, stream] : streams_) {
    const std::lock_guard stream_lock(stream->mutex);
    if (!stream->has_writer && stream->last_append_ms <= before_ms) left.push_back(id);
  }
  return left;
}

void FileSpool::Remove(const StreamId& id) {
  std::shared_ptr<Stream> stream;
  {
    const std::lock_guard lock(streams_mutex_);
    const auto known = streams_.find(id);
    if (known == streams_.end()) return;
    stream = std::move(known->second);
    streams_.erase(known);
  }
  Places chunks;
  {
    const std::lock_guard lock(stream->mutex);
    stream->is_removed = true;
    chunks = std::exchange(stream->chunks, {});
  }
  for (const auto& file : chunks.files()) {
    --file->streams;
    DropIfUnused(file);
  }
}

bool FileSpool::RemoveLeft(const StreamId& id, std::int64_t idle_ms) {
  const auto found = Find(id);
  if (found.ok() && found->last_append_ms > clock_.NowMs() - idle_ms) return false;
  Remove(id);
  return true;
}

// Files of other processes are left to Clean.
void FileSpool::DropIfUnused(const std::shared_ptr<SegmentFile>& file) {
  const std::lock_guard lock(segments_mutex_);
  if (file == current_ || file->streams > 0 || file->path().parent_path() != folder_) return;
  std::error_code fault;
  if (std::filesystem::remove(file->path(), fault)) kept_bytes_ -= file->size();
}

void FileSpool::Clean(std::int64_t keep_ms) { others_.Clean(keep_ms); }

void FileSpool::Run() {
  auto due = std::chrono::steady_clock::now();
  while (true) {
    bool is_due = false;
    {
      std::unique_lock lock(wake_mutex_);
      if (written_.empty()) {
        wake_.wait(lock, [this] { return has_work_ || is_stopping_; });
        if (!has_work_) return;
        due = std::chrono::steady_clock::now() + interval_;
      }
      wake_.wait_until(lock, due, [this] { return is_hurried_ || is_much_ || is_stopping_; });
      is_due = is_hurried_ || is_stopping_ || std::chrono::steady_clock::now() >= due;
      if (is_due) is_hurried_ = false;
      is_much_ = false;
      has_work_ = false;
    }
    Write();
    if (!is_due) continue;
    Commit();
    const std::lock_guard lock(wake_mutex_);
    ++commits_;
    committed_.notify_all();
  }
}

void FileSpool::Write() {
  std::size_t total = 0;
  for (std::size_t i = 0; i < kLanes; ++i) {
    {
      const std::lock_guard lock(lanes_[i].mutex);
      std::swap(lanes_[i].batch, writing_[i]);
    }
    total += writing_[i].bytes;
  }
  unwritten_bytes_ -= total;
  const base::Status outcome = WriteLanes();
  for (Batch& batch : writing_) {
    written_.insert(written_.end(), std::make_move_iterator(batch.records.begin()), std::make_move_iterator(batch.records.end()));
    batch.Clear();
  }
  if (!outcome.ok()) Settle(outcome);
}

base::Status FileSpool::WriteLanes() {
  std::vector<std::span<const std::uint8_t>> parts;
  std::int64_t total = 0;
  for (const Batch& batch : writing_) {
    parts.insert(parts.end(), batch.blocks.begin(), batch.blocks.end());
    total += static_cast<std::int64_t>(batch.bytes);
  }
  if (total == 0) return {};
  if (const base::Status room = MakeRoom(total); !room.ok()) return room;
  std::int64_t start = current_->size();
  for (Batch& batch : writing_) {
    for (Pending& record : batch.records) record.offset += start;
    start += static_cast<std::int64_t>(batch.bytes);
  }
  return current_->Append(parts);
}

void FileSpool::Commit() {
  if (written_.empty()) return;
  const std::size_t records = written_.size();
  interval_ = options_.commit_interval * std::clamp<std::size_t>(records / kEasyRecords, 1, kLongestFactor);
  Settle(current_->Sync());
}

base::Status FileSpool::MakeRoom(std::int64_t bytes) {
  if (current_ && current_->size() + bytes <= options_.segment_bytes) return {};
  Commit();
  auto next = SegmentFile::Create(folder_ / fmt::format("{:010}{}", next_segment_++, kSegmentSuffix),
                                  std::max(bytes, options_.segment_bytes));
  if (!next.ok()) return next.error();
  synced_size_ = 0;
  std::shared_ptr<SegmentFile> full;
  {
    const std::lock_guard lock(segments_mutex_);
    full = std::exchange(current_, std::move(*next));
  }
  if (full) {
    full->EndAppending();
    DropIfUnused(full);
  }
  return {};
}

// Tells the streams what became of what was written since the last time.
void FileSpool::Settle(const base::Status& outcome) {
  const std::shared_ptr<SegmentFile> file = current_;
  if (!outcome.ok()) {
    base::Log(base::LogLevel::kError, "recordings are not kept", {{"reason", outcome.error().message}});
    LeaveSegment();
  } else {
    kept_bytes_ += current_->size() - synced_size_;
    synced_size_ = current_->size();
  }
  std::vector<Stream*> touched;
  touched.reserve(written_.size());
  std::size_t total = 0;
  for (const Pending& record : written_) {
    Stream& stream = *record.stream;
    const std::size_t size = kRecordHeaderBytes + record.length;
    total += size;
    const std::lock_guard lock(stream.mutex);
    if (!outcome.ok()) stream.is_failed = true;
    if (!stream.is_removed && file) stream.Enter(file);
    if (!stream.is_removed && !stream.is_failed) {
      if (record.kind == RecordKind::kChunk) stream.chunks.Add(file, record.offset);
      if (record.kind == RecordKind::kSeal) stream.last_seq = record.seq;
    }
    stream.unsafe_bytes -= size;
    touched.push_back(&stream);
  }
  unsafe_bytes_ -= total;
  std::ranges::sort(touched);
  touched.erase(std::ranges::unique(touched).begin(), touched.end());
  for (Stream* stream : touched) {
    std::shared_ptr<const OnSafe> tell;
    base::Result<std::uint32_t> safe = Lost();
    {
      const std::lock_guard lock(stream->mutex);
      tell = stream->on_safe;
      if (!stream->is_failed) safe = static_cast<std::uint32_t>(stream->chunks.size());
    }
    if (tell) (*tell)(safe);
  }
  written_.clear();
  if (!outcome.ok() && file) DropIfUnused(file);
}

// Another process may have found there what failed here, made it safe and acknowledged it: nothing is cut off or written over.
void FileSpool::LeaveSegment() {
  if (!current_) return;
  current_->GiveBackReserve();
  kept_bytes_ += current_->size() - synced_size_;
  synced_size_ = 0;
  const std::lock_guard lock(segments_mutex_);
  current_.reset();
}

}  // namespace speechcoach::spool
