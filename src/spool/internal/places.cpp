#include "spool/internal/places.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <span>

#include "spool/internal/record.h"

namespace speechcoach::spool {
namespace {

base::Error Damaged() { return {base::ErrorCode::kStorageUnavailable, "spool: a chunk is damaged"}; }

// The record at `offset`, whole and checked. `record`: as long as the one before, since chunks are mostly of one length.
base::Status ReadRecord(const SegmentFile& file, std::int64_t offset, std::vector<std::uint8_t>& record) {
  const auto got = file.ReadAt(offset, record);
  if (!got.ok()) return got.error();
  const auto head = ParseHeader(std::span(record).first(*got));
  if (!head) return Damaged();
  const std::size_t size = kRecordHeaderBytes + head->length;
  const std::size_t read = std::min(*got, size);
  record.resize(size);
  if (read < size) {
    const auto rest = file.ReadAt(offset + static_cast<std::int64_t>(read), std::span(record).subspan(read));
    if (!rest.ok()) return rest.error();
    if (read + *rest != size) return Damaged();
  }
  const auto bytes = std::span(record);
  return IsIntact(bytes.first(kRecordHeaderBytes), bytes.subspan(kRecordHeaderBytes)) ? base::Status() : Damaged();
}

}  // namespace

bool Places::Enter(const std::shared_ptr<SegmentFile>& file) {
  if (!runs_.empty() && runs_.back().file == file) return false;
  runs_.push_back({file, static_cast<std::uint32_t>(offsets_.size())});
  return true;
}

void Places::Add(const std::shared_ptr<SegmentFile>& file, std::int64_t offset) {
  Enter(file);
  // Grows by a quarter: room for twice as many would be most of what a stream costs.
  if (offsets_.size() == offsets_.capacity()) offsets_.reserve(offsets_.size() + offsets_.size() / 4 + 32);
  offsets_.push_back(static_cast<std::uint32_t>(offset));
}

std::vector<std::shared_ptr<SegmentFile>> Places::files() const {
  std::vector<std::shared_ptr<SegmentFile>> files;
  for (const Run& run : runs_) files.push_back(run.file);
  return files;
}

base::Status Places::Sync() const {
  std::set<std::shared_ptr<SegmentFile>> synced;
  for (const Run& run : runs_) {
    if (!synced.insert(run.file).second) continue;
    if (const base::Status done = run.file->Sync(); !done.ok()) return done;
  }
  return {};
}

base::Result<StreamContent> Places::Read(const std::string& header) const {
  StreamContent content;
  content.header = header;
  content.ends.reserve(offsets_.size());
  std::vector<std::uint8_t> record(kRecordHeaderBytes);
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    const std::size_t end = i + 1 < runs_.size() ? runs_[i + 1].first : offsets_.size();
    for (std::size_t chunk = runs_[i].first; chunk < end; ++chunk) {
      if (const base::Status read = ReadRecord(*runs_[i].file, offsets_[chunk], record); !read.ok()) return read.error();
      content.bytes.insert(content.bytes.end(), record.begin() + kRecordHeaderBytes, record.end());
      content.ends.push_back(static_cast<std::uint32_t>(content.bytes.size()));
    }
  }
  return content;
}

}  // namespace speechcoach::spool
