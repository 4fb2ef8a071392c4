#include "api/ws/chunk_order.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace speechcoach::api {
namespace {

constexpr std::size_t kMaxHeldChunks = 256;
constexpr std::size_t kMaxHeldBytes = 2 * 1024 * 1024;
constexpr std::size_t kMaxChunks = 100'000;
constexpr double kSlackSeconds = 0.5;  // a browser stops its last chunk late; the decoder allows as much
constexpr double kSilenceDbfs = -100.0;

base::Error Bad(const char* what) { return {base::ErrorCode::kBadField, what}; }

std::uint32_t Fingerprint(std::span<const std::uint8_t> bytes) {
  return static_cast<std::uint32_t>(XXH3_64bits(bytes.data(), bytes.size()));
}

double ToDbfs(double amplitude) { return amplitude > 0.0 ? std::max(kSilenceDbfs, 20.0 * std::log10(amplitude)) : kSilenceDbfs; }

}  // namespace

Loudness LoudnessOf(const pipeline::AudioSource& source, std::span<const std::uint8_t> pcm) {
  const std::size_t count = pcm.size() / source.sample_bytes();
  if (source.format == pipeline::StreamFormat::kPcmS16) {
    std::int64_t sum = 0;
    std::int32_t peak = 0;
    for (std::size_t i = 0; i < count; ++i) {
      std::int16_t sample = 0;
      std::memcpy(&sample, pcm.data() + 2 * i, 2);
      const std::int32_t value = sample;
      sum += value * value;
      peak = std::max(peak, std::abs(value));
    }
    return {ToDbfs(std::sqrt(static_cast<double>(sum) / static_cast<double>(count)) / 32768.0), ToDbfs(peak / 32768.0)};
  }
  double sum = 0.0;
  double peak = 0.0;
  for (const float sample : pipeline::ToSamples(source, pcm)) {
    sum += static_cast<double>(sample) * sample;
    peak = std::max(peak, std::abs(static_cast<double>(sample)));
  }
  return {ToDbfs(std::sqrt(sum / static_cast<double>(count))), ToDbfs(peak)};
}

Loudness LoudnessOf(std::span<const pipeline::VoicePoint> points) {
  double power = 0.0;
  double peak_dbfs = kSilenceDbfs;
  for (const pipeline::VoicePoint& point : points) {
    power += std::pow(10.0, point.level_dbfs / 10.0);
    peak_dbfs = std::max(peak_dbfs, point.level_dbfs);
  }
  return {ToDbfs(std::sqrt(power / static_cast<double>(points.size()))), peak_dbfs};
}

std::size_t ChunkOrder::KeptBytes(std::size_t bytes) const {
  return source_.is_pcm() ? bytes / source_.sample_bytes() * 2 : bytes;
}

void ChunkOrder::GoOnAfter(const spool::StreamContent& content) {
  std::size_t begin = 0;
  for (const std::uint32_t end : content.ends) {
    Remember(std::span(content.bytes).subspan(begin, end - begin));
    begin = end;
  }
  passed_bytes_ += KeptBytes(begin);
}

base::Result<std::optional<SeqRange>> ChunkOrder::Add(std::uint32_t seq, std::span<const std::uint8_t> bytes, const Sink& sink) {
  if (bytes.empty()) return Bad("an empty chunk");
  if (source_.is_pcm() && bytes.size() % source_.sample_bytes() != 0) return Bad("a chunk ends within a sample");
  const auto held = held_.find(seq);
  if (seq < next_seq() || held != held_.end()) {
    const bool is_same =
        held != held_.end() ? std::ranges::equal(held->second, bytes) : passed_[seq % kRemembered] == Fingerprint(bytes);
    const bool is_long_ago = seq + kRemembered < next_seq_;
    if (!is_same && !is_long_ago) return Bad("another content under a number that was used");
    if (const base::Status passed = PassHeld(sink); !passed.ok()) return passed.error();
    return std::optional<SeqRange>();
  }

  if (seq > next_seq()) {
    if (held_.size() >= kMaxHeldChunks || held_bytes_ + bytes.size() > kMaxHeldBytes) return Bad("too many chunks are missing");
    if (passed_bytes_ + KeptBytes(held_bytes_ + bytes.size()) > static_cast<std::size_t>(limits_.max_bytes)) {
      return base::Error{base::ErrorCode::kAudioTooLarge, "more bytes than a recording may have"};
    }
    std::optional<SeqRange> missing;
    const std::uint32_t from = std::max(next_seq(), asked_below_);
    if (from < seq) missing = SeqRange{from, seq - 1};
    asked_below_ = std::max(asked_below_, seq + 1);
    held_bytes_ += bytes.size();
    held_.emplace(seq, std::vector<std::uint8_t>(bytes.begin(), bytes.end()));
    return missing;
  }

  if (const base::Status passed = Pass(seq, bytes, sink); !passed.ok()) return passed.error();
  if (const base::Status passed = PassHeld(sink); !passed.ok()) return passed.error();
  return std::optional<SeqRange>();
}

base::Status ChunkOrder::PassHeld(const Sink& sink) {
  while (!held_.empty() && held_.begin()->first == next_seq()) {
    if (const base::Status passed = Pass(held_.begin()->first, held_.begin()->second, sink); !passed.ok()) return passed;
    held_bytes_ -= held_.begin()->second.size();
    held_.erase(held_.begin());
  }
  return {};
}

base::Status ChunkOrder::Pass(std::uint32_t seq, std::span<const std::uint8_t> bytes, const Sink& sink) {
  const std::size_t size = passed_bytes_ + KeptBytes(bytes.size());
  if (source_.is_pcm() && static_cast<double>(size / 2) / source_.sample_rate_hz > limits_.max_seconds + kSlackSeconds) {
    return {base::ErrorCode::kAudioTooLong, "longer than a recording may be"};
  }
  if (size > static_cast<std::size_t>(limits_.max_bytes) || next_seq_ >= kMaxChunks) {
    return {base::ErrorCode::kAudioTooLarge, "more than a recording may have"};
  }
  if (const base::Status taken = sink(seq, bytes); !taken.ok()) return taken;
  Remember(bytes);
  passed_bytes_ = size;
  return {};
}

void ChunkOrder::Remember(std::span<const std::uint8_t> bytes) {
  if (passed_.size() < kRemembered) passed_.push_back(0);
  passed_[next_seq_++ % kRemembered] = Fingerprint(bytes);
}

bool ChunkOrder::HasBeyond(std::int64_t last_seq) const {
  return static_cast<std::int64_t>(next_seq()) > last_seq + 1 || (!held_.empty() && held_.rbegin()->first > last_seq);
}

std::vector<SeqRange> ChunkOrder::MissingUpTo(std::uint32_t last_seq) const {
  std::vector<SeqRange> missing;
  std::uint32_t from = next_seq();
  for (const auto& [seq, chunk] : held_) {
    if (seq > last_seq) break;
    if (from < seq) missing.push_back({from, seq - 1});
    from = seq + 1;
  }
  if (from <= last_seq) missing.push_back({from, last_seq});
  return missing;
}

}  // namespace speechcoach::api
