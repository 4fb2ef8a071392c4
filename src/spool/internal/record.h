// One entry of a segment file: a fixed header, then its payload. Numbers are little-endian.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace speechcoach::spool {

enum class RecordKind : std::uint32_t { kOpen = 1, kChunk = 2, kSeal = 3 };

// A stream's key on disk: the session's UUID as bytes, and the turn.
struct RecordKey {
  std::array<std::uint8_t, 16> session{};
  std::uint32_t turn = 0;

  auto operator<=>(const RecordKey&) const = default;
};

std::optional<std::array<std::uint8_t, 16>> UuidBytes(std::string_view uuid);

struct Record {
  RecordKind kind = RecordKind::kChunk;
  RecordKey key;
  std::uint32_t seq = 0;       // of a chunk; of kSeal the last one's
  std::int64_t at_ms = 0;      // UTC, since the epoch
  std::uint32_t length = 0;    // of the payload
  std::uint64_t checksum = 0;  // of the header before it and of the payload
};

inline constexpr std::size_t kRecordHeaderBytes = 56;

// Appends header and payload to `out`.
void AppendRecord(const Record& record, std::span<const std::uint8_t> payload, std::vector<std::uint8_t>& out);

// Nothing where `bytes` does not begin with a header; its payload is not looked at.
std::optional<Record> ParseHeader(std::span<const std::uint8_t> bytes);

// True where header and payload are what was written. `header`: kRecordHeaderBytes.
bool IsIntact(std::span<const std::uint8_t> header, std::span<const std::uint8_t> payload);

}  // namespace speechcoach::spool
