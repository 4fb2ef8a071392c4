#include "audio/media_cutter.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <deque>

#include "audio/audio_decoder.h"

namespace speechcoach::audio {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr int kTicksASecond = 48000;  // Opus counts in them, whatever was recorded
constexpr int kLeastTicks = kTicksASecond / 4;
constexpr int kMostTicks = kTicksASecond;
constexpr int kLeadTicks = kTicksASecond * 8 / 100;
constexpr int kMostPacketTicks = kTicksASecond * 12 / 100;
constexpr std::size_t kMostHeadBytes = 64 * 1024;
constexpr std::size_t kMostUnits = 30'000;          // not taken yet: a minute of the shortest packets
constexpr std::size_t kMostUnitBytes = 128 * 1024;  // of a page or a block; both are far smaller

// A page, or a block: what is never cut.
struct Unit {
  std::vector<std::uint8_t> bytes;
  int ticks = 0;
  std::uint64_t cluster_time = 0;  // of WebM
};

void Add(std::vector<std::uint8_t>& out, Bytes bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

std::uint64_t LittleEndian(Bytes bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | bytes[i];
  return value;
}

std::uint64_t BigEndian(Bytes bytes) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes) value = value << 8 | byte;
  return value;
}

// RFC 6716, 3.1 and 3.2; nothing where it is no packet.
std::optional<int> TicksOf(Bytes packet) {
  if (packet.empty()) return std::nullopt;
  const int configuration = packet[0] >> 3;
  const int code = packet[0] & 3;
  constexpr std::array kSilk{480, 960, 1920, 2880};
  const int frame = configuration < 12   ? kSilk[configuration % 4]
                    : configuration < 16 ? 480 << configuration % 2
                                         : 120 << configuration % 4;
  if (code == 3 && packet.size() < 2) return std::nullopt;
  const int ticks = frame * (code == 0 ? 1 : code < 3 ? 2 : packet[1] & 0x3f);
  return ticks > 0 && ticks <= kMostPacketTicks ? std::optional(ticks) : std::nullopt;
}

class Cutter : public MediaCutter {
 public:
  explicit Cutter(double max_seconds) : most_ticks_((max_seconds + kPaddingToleranceS) * kTicksASecond) {}

  bool Append(Bytes bytes) override {
    if (is_lost_) return false;
    Add(pending_, bytes);
    std::size_t at = 0;
    while (true) {
      const auto used = ReadOne(Bytes(pending_).subspan(at));
      is_lost_ = !used || head_.size() > kMostHeadBytes || units_.size() - taken_ > kMostUnits || ticks_ > most_ticks_;
      if (is_lost_) return false;
      if (*used == 0) break;
      at += *used;
    }
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(at));
    is_lost_ = pending_.size() > kMostUnitBytes;
    return !is_lost_;
  }

  std::optional<MediaPiece> Take() override {
    if (waiting_ticks_ < kLeastTicks) return std::nullopt;
    int ticks = 0;
    std::size_t end = taken_;
    for (; end < units_.size() && ticks < kMostTicks; ++end) ticks += units_[end].ticks;
    waiting_ticks_ -= ticks;
    MediaPiece piece;
    piece.new_s = static_cast<double>(ticks) / kTicksASecond;
    piece.bytes = head_;
    for (std::size_t i = 0; i < end; ++i) Put(i > 0 ? &units_[i - 1] : nullptr, units_[i], piece.bytes);
    taken_ = end;
    int lead = 0;
    std::size_t kept = taken_;
    while (kept > 0 && lead < kLeadTicks) lead += units_[--kept].ticks;
    units_.erase(units_.begin(), units_.begin() + static_cast<std::ptrdiff_t>(kept));
    taken_ -= kept;
    return piece;
  }

 protected:
  // The size of what lies at the front and was taken; 0 where it is not complete, nothing where it cannot be understood.
  virtual std::optional<std::size_t> ReadOne(Bytes bytes) = 0;
  virtual void Put(const Unit* before, const Unit& unit, std::vector<std::uint8_t>& out) const = 0;

  void AddHead(Bytes bytes) { Add(head_, bytes); }
  void AddUnit(Bytes bytes, int ticks, std::uint64_t cluster_time) {
    units_.push_back({{bytes.begin(), bytes.end()}, ticks, cluster_time});
    waiting_ticks_ += ticks;
    ticks_ += ticks;
  }

 private:
  std::vector<std::uint8_t> pending_;  // not complete yet
  std::vector<std::uint8_t> head_;
  std::deque<Unit> units_;
  std::size_t taken_ = 0;  // so many of them lead on to the next piece
  int waiting_ticks_ = 0;  // of the others
  double ticks_ = 0.0;     // in all
  const double most_ticks_;
  bool is_lost_ = false;
};

class OggCutter final : public Cutter {
 public:
  using Cutter::Cutter;

 private:
  static constexpr std::size_t kHeaderBytes = 27;
  static constexpr std::uint64_t kNoPacketEnds = ~std::uint64_t{0};

  std::optional<std::size_t> ReadOne(Bytes bytes) override {
    constexpr std::array<std::uint8_t, 4> kMagic{'O', 'g', 'g', 'S'};
    if (bytes.size() < kHeaderBytes) return 0;
    if (!std::ranges::equal(bytes.first(4), kMagic)) return std::nullopt;
    const std::size_t segments = bytes[26];
    std::size_t size = kHeaderBytes + segments;
    if (bytes.size() < size) return 0;
    for (const std::uint8_t segment : bytes.subspan(kHeaderBytes, segments)) size += segment;
    if (bytes.size() < size) return 0;
    const std::uint64_t granule = LittleEndian(bytes.subspan(6, 8));
    if (!has_audio_ && (granule == 0 || granule == kNoPacketEnds)) {
      AddHead(bytes.first(size));
      return size;
    }
    has_audio_ = true;
    if (granule == kNoPacketEnds) {
      AddUnit(bytes.first(size), 0, 0);
      return size;
    }
    // A page has at most 255 packets.
    if (granule < granule_ || granule - granule_ > 255 * kMostPacketTicks) return std::nullopt;
    AddUnit(bytes.first(size), static_cast<int>(granule - granule_), 0);
    granule_ = granule;
    return size;
  }

  void Put(const Unit*, const Unit& unit, std::vector<std::uint8_t>& out) const override { Add(out, unit.bytes); }

  bool has_audio_ = false;
  std::uint64_t granule_ = 0;  // ticks up to the end of the newest page
};

class WebmCutter final : public Cutter {
 public:
  using Cutter::Cutter;

 private:
  // Element identifiers, with their length markers.
  static constexpr std::uint64_t kEbml = 0x1A45DFA3;
  static constexpr std::uint64_t kSegment = 0x18538067;
  static constexpr std::uint64_t kInfo = 0x1549A966;
  static constexpr std::uint64_t kTracks = 0x1654AE6B;
  static constexpr std::uint64_t kCluster = 0x1F43B675;
  static constexpr std::uint64_t kTimestamp = 0xE7;
  static constexpr std::uint64_t kSimpleBlock = 0xA3;
  static constexpr std::uint64_t kBlockGroup = 0xA0;
  static constexpr std::uint64_t kBlock = 0xA1;

  struct Number {
    std::uint64_t value = 0;
    std::size_t length = 0;  // 0: not complete
    bool is_unknown = false;
  };
  struct Element {
    std::uint64_t id = 0;
    Number size;
    std::size_t head = 0;  // bytes; 0: not complete
  };

  // A number of variable length (RFC 8794, 4); nothing where it is longer than `most`.
  static std::optional<Number> ReadNumber(Bytes bytes, std::size_t most, bool keeps_marker) {
    if (bytes.empty()) return Number{};
    std::size_t length = 1;
    while (length <= most && (bytes[0] >> (8 - length) & 1) == 0) ++length;
    if (length > most) return std::nullopt;
    if (bytes.size() < length) return Number{};
    const std::uint64_t value = BigEndian(bytes.first(length));
    const std::uint64_t marker = std::uint64_t{1} << 7 * length;
    return Number{keeps_marker ? value : value - marker, length, value == 2 * marker - 1};
  }

  static std::optional<Element> ReadElement(Bytes bytes) {
    const auto id = ReadNumber(bytes, 4, true);
    if (!id || id->length == 0) return id ? std::optional(Element{}) : std::nullopt;
    const auto size = ReadNumber(bytes.subspan(id->length), 8, false);
    if (!size || size->length == 0) return size ? std::optional(Element{}) : std::nullopt;
    return Element{id->value, *size, id->length + size->length};
  }

  // Of a block with one packet.
  static std::optional<int> BlockTicks(Bytes block) {
    const auto track = ReadNumber(block, 8, false);
    if (!track || track->length == 0 || block.size() < track->length + 3) return std::nullopt;
    const bool is_laced = (block[track->length + 2] & 0x06) != 0;
    return is_laced ? std::nullopt : TicksOf(block.subspan(track->length + 3));
  }

  static std::optional<int> GroupTicks(Bytes group) {
    while (!group.empty()) {
      const auto element = ReadElement(group);
      if (!element || element->head == 0 || element->size.value > group.size() - element->head) return std::nullopt;
      const auto size = static_cast<std::size_t>(element->size.value);
      if (element->id == kBlock) return BlockTicks(group.subspan(element->head, size));
      group = group.subspan(element->head + size);
    }
    return std::nullopt;
  }

  std::optional<std::size_t> ReadOne(Bytes bytes) override {
    if (skipped_ > 0) {
      const auto now = static_cast<std::size_t>(std::min<std::uint64_t>(skipped_, bytes.size()));
      skipped_ -= now;
      return now;
    }
    const auto element = ReadElement(bytes);
    if (!element) return std::nullopt;
    if (element->head == 0) return 0;
    if (!is_begun_ && element->id != kEbml) return std::nullopt;
    is_begun_ = true;
    switch (element->id) {
      case kSegment:
        AddHead(kOpenSegment);
        return element->head;
      case kCluster:
        return element->head;
      case kEbml:
      case kInfo:
      case kTracks:
      case kTimestamp:
      case kSimpleBlock:
      case kBlockGroup:
        break;
      default:
        skipped_ = element->size.value;
        return element->size.is_unknown ? std::nullopt : std::optional(element->head);
    }
    if (element->size.value > kMostUnitBytes) return std::nullopt;
    const std::size_t size = element->head + static_cast<std::size_t>(element->size.value);
    if (bytes.size() < size) return 0;
    const Bytes content = bytes.subspan(element->head, size - element->head);
    if (element->id == kTimestamp) {
      if (content.size() > 8) return std::nullopt;
      cluster_time_ = BigEndian(content);
    } else if (element->id == kSimpleBlock || element->id == kBlockGroup) {
      const auto ticks = element->id == kSimpleBlock ? BlockTicks(content) : GroupTicks(content);
      if (!ticks) return std::nullopt;
      AddUnit(bytes.first(size), *ticks, cluster_time_);
    } else {
      AddHead(bytes.first(size));
    }
    return size;
  }

  void Put(const Unit* before, const Unit& unit, std::vector<std::uint8_t>& out) const override {
    if (before == nullptr || before->cluster_time != unit.cluster_time) {
      Add(out, kOpenCluster);
      for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(unit.cluster_time >> shift));
    }
    Add(out, unit.bytes);
  }

  // Their sizes are not known, as in a recording under way; the cluster's time of eight bytes follows.
  static constexpr std::array<std::uint8_t, 12> kOpenSegment{0x18, 0x53, 0x80, 0x67, 0x01, 0xff,
                                                             0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
  static constexpr std::array<std::uint8_t, 14> kOpenCluster{0x1f, 0x43, 0xb6, 0x75, 0x01, 0xff, 0xff,
                                                             0xff, 0xff, 0xff, 0xff, 0xff, 0xe7, 0x88};

  bool is_begun_ = false;
  std::uint64_t skipped_ = 0;  // bytes still to come of what is not needed
  std::uint64_t cluster_time_ = 0;
};

}  // namespace

std::unique_ptr<MediaCutter> MakeMediaCutter(std::string_view format, double max_seconds) {
  if (format == "webm_opus") return std::make_unique<WebmCutter>(max_seconds);
  if (format == "ogg_opus") return std::make_unique<OggCutter>(max_seconds);
  return nullptr;
}

}  // namespace speechcoach::audio
