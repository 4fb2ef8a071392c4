#include "spool/internal/stream.h"

namespace speechcoach::spool {

base::Result<StreamContent> ReadContent(const std::string& header, const std::vector<std::shared_ptr<SegmentFile>>& files,
                                        const std::vector<Place>& places) {
  StreamContent content;
  content.header = header;
  std::size_t total = 0;
  for (const Place& place : places) total += place.length;
  content.bytes.reserve(total);
  content.ends.reserve(places.size());
  std::vector<std::uint8_t> record;
  for (const Place& place : places) {
    record.resize(kRecordHeaderBytes + place.length);
    const auto got = files[place.file]->ReadAt(place.offset, record);
    if (!got.ok()) return got.error();
    const auto head = std::span(record).first(kRecordHeaderBytes);
    const auto payload = std::span(record).subspan(kRecordHeaderBytes);
    if (*got != record.size() || !IsIntact(head, payload)) {
      return {base::ErrorCode::kStorageUnavailable, "spool: a chunk is damaged"};
    }
    content.bytes.insert(content.bytes.end(), payload.begin(), payload.end());
    content.ends.push_back(static_cast<std::uint32_t>(content.bytes.size()));
  }
  return content;
}

}  // namespace speechcoach::spool
