#include "spool/internal/record.h"

#include <bit>
#include <cstring>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace speechcoach::spool {
namespace {

static_assert(std::endian::native == std::endian::little, "records are written as they lie in memory");

constexpr std::uint32_t kMagic = 0x31504353;  // "SCP1"

// The layout on disk; no padding.
struct Header {
  std::uint32_t magic;
  std::uint32_t kind;
  std::uint8_t session[16];
  std::uint32_t turn;
  std::uint32_t seq;
  std::int64_t at_ms;
  std::uint32_t length;
  std::uint32_t reserved;
  std::uint64_t checksum;
};
static_assert(sizeof(Header) == kRecordHeaderBytes);
constexpr std::size_t kCheckedHeaderBytes = offsetof(Header, checksum);

std::uint64_t Checksum(const std::uint8_t* header, std::span<const std::uint8_t> payload) {
  return XXH3_64bits_withSeed(payload.data(), payload.size(), XXH3_64bits(header, kCheckedHeaderBytes));
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::optional<std::array<std::uint8_t, 16>> UuidBytes(std::string_view uuid) {
  if (uuid.size() != 36) return std::nullopt;
  std::array<std::uint8_t, 16> bytes{};
  std::size_t digits = 0;
  for (std::size_t i = 0; i < uuid.size(); ++i) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (uuid[i] != '-') return std::nullopt;
      continue;
    }
    const int digit = HexDigit(uuid[i]);
    if (digit < 0) return std::nullopt;
    bytes[digits / 2] = static_cast<std::uint8_t>(bytes[digits / 2] << 4 | digit);
    ++digits;
  }
  return bytes;
}

void AppendRecord(const Record& record, std::span<const std::uint8_t> payload, std::vector<std::uint8_t>& out) {
  Header header{kMagic,
                static_cast<std::uint32_t>(record.kind),
                {},
                record.key.turn,
                record.seq,
                record.at_ms,
                static_cast<std::uint32_t>(payload.size()),
                0,
                0};
  std::memcpy(header.session, record.key.session.data(), sizeof header.session);
  header.checksum = Checksum(reinterpret_cast<const std::uint8_t*>(&header), payload);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(&header);
  out.insert(out.end(), bytes, bytes + sizeof header);
  out.insert(out.end(), payload.begin(), payload.end());
}

std::optional<Record> ParseHeader(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < kRecordHeaderBytes) return std::nullopt;
  Header header;
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.magic != kMagic || header.kind < 1 || header.kind > 3) return std::nullopt;
  Record record;
  record.kind = static_cast<RecordKind>(header.kind);
  std::memcpy(record.key.session.data(), header.session, sizeof header.session);
  record.key.turn = header.turn;
  record.seq = header.seq;
  record.at_ms = header.at_ms;
  record.length = header.length;
  record.checksum = header.checksum;
  return record;
}

bool IsIntact(std::span<const std::uint8_t> header, std::span<const std::uint8_t> payload) {
  const auto record = ParseHeader(header);
  return record && record->length == payload.size() && record->checksum == Checksum(header.data(), payload);
}

}  // namespace speechcoach::spool
