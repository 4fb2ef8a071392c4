#include "spool/internal/other_logs.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <set>
#include <system_error>
#include <utility>

namespace speechcoach::spool {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kWindowBytes = 4 * 1024 * 1024;
constexpr std::size_t kMaxPayloadBytes = 2 * 1024 * 1024;

std::vector<fs::path> EntriesOf(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code fault;
  for (fs::directory_iterator at(folder, fault), end; !fault && at != end; at.increment(fault)) entries.push_back(at->path());
  return entries;
}

bool IsOlderThan(const fs::path& file, std::int64_t age_ms) {
  std::error_code fault;
  const auto changed = fs::last_write_time(file, fault);
  return !fault && fs::file_time_type::clock::now() - changed > std::chrono::milliseconds(age_ms);
}

}  // namespace

std::optional<FoundStream> OtherLogs::Find(const RecordKey& key) {
  const std::lock_guard lock(mutex_);
  Refresh();
  const auto known = streams_.find(key);
  if (known == streams_.end() || !known->second.header) return std::nullopt;
  FoundStream found;
  found.header = *known->second.header;
  found.last_seq = known->second.last_seq;
  found.last_append_ms = known->second.last_append_ms;
  for (const auto& [seq, place] : known->second.chunks) {
    if (seq != found.chunks.size()) break;
    found.chunks.Add(place.file, place.offset);
  }
  return found;
}

void OtherLogs::Refresh() {
  std::set<fs::path> there;
  for (const fs::path& folder : EntriesOf(root_)) {
    if (folder == own_) continue;
    for (const fs::path& path : EntriesOf(folder)) {
      if (path.extension() == kSegmentSuffix) there.insert(path);
    }
  }
  for (auto log = logs_.begin(); log != logs_.end();) {
    if (there.contains(log->first)) {
      ++log;
    } else {
      Forget(log->second.file);
      log = logs_.erase(log);
    }
  }
  for (const fs::path& path : there) {
    auto known = logs_.find(path);
    if (known == logs_.end()) {
      auto file = SegmentFile::OpenToRead(path);
      if (!file.ok()) continue;
      known = logs_.emplace(path, Log{std::move(*file)}).first;
    }
    ReadOn(known->second);
  }
}

// Up to the first record that is not complete: its process is still writing it, or died there.
void OtherLogs::ReadOn(Log& log) {
  std::vector<std::uint8_t> window(kWindowBytes);
  while (true) {
    const auto got = log.file->ReadAt(log.read_to, window);
    if (!got.ok()) return;
    const auto bytes = std::span(window).first(*got);
    std::size_t at = 0;
    while (const auto record = ParseHeader(bytes.subspan(at))) {
      if (record->length > kMaxPayloadBytes) return;
      const std::size_t size = kRecordHeaderBytes + record->length;
      if (at + size > bytes.size()) break;
      const auto payload = bytes.subspan(at + kRecordHeaderBytes, record->length);
      if (!IsIntact(bytes.subspan(at, kRecordHeaderBytes), payload)) return;
      Note(*record, payload, log.file, log.read_to);
      at += size;
      log.read_to += static_cast<std::int64_t>(size);
    }
    if (at == 0) return;
  }
}

void OtherLogs::Note(const Record& record, std::span<const std::uint8_t> payload, const std::shared_ptr<SegmentFile>& file,
                     std::int64_t offset) {
  Known& stream = streams_[record.key];
  stream.last_append_ms = std::max(stream.last_append_ms, record.at_ms);
  switch (record.kind) {
    case RecordKind::kOpen:
      stream.header = std::string(payload.begin(), payload.end());
      break;
    case RecordKind::kSeal:
      stream.last_seq = record.seq;
      break;
    case RecordKind::kChunk:
      stream.chunks.try_emplace(record.seq, ChunkPlace{file, offset});
      break;
  }
}

void OtherLogs::Forget(const std::shared_ptr<SegmentFile>& file) {
  for (auto stream = streams_.begin(); stream != streams_.end();) {
    std::map<std::uint32_t, ChunkPlace>& chunks = stream->second.chunks;
    std::erase_if(chunks, [&](const auto& chunk) { return chunk.second.file == file; });
    stream = chunks.empty() ? streams_.erase(stream) : std::next(stream);
  }
}

void OtherLogs::Clean(std::int64_t keep_ms) {
  for (const fs::path& folder : EntriesOf(root_)) {
    if (folder == own_) continue;
    const fs::path lock_path = folder / kLockName;
    const int descriptor = ::open(lock_path.c_str(), O_RDWR | O_CLOEXEC);
    if (descriptor < 0) continue;
    // A process holds its lock for as long as it lives.
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) {
      bool is_empty = true;
      std::error_code ignored;
      for (const fs::path& path : EntriesOf(folder)) {
        if (path == lock_path) continue;
        if (IsOlderThan(path, keep_ms)) {
          fs::remove(path, ignored);
        } else {
          is_empty = false;
        }
      }
      if (is_empty && IsOlderThan(lock_path, keep_ms)) fs::remove_all(folder, ignored);
    }
    ::close(descriptor);
  }
}

}  // namespace speechcoach::spool
