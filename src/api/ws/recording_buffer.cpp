#include "api/ws/recording_buffer.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "audio/wav.h"

namespace speechcoach::api {
namespace {

constexpr std::size_t kMaxHeldChunks = 256;
constexpr std::size_t kMaxChunks = 100'000;
constexpr double kSlackSeconds = 0.5;  // a browser stops its last chunk late; the decoder allows as much
constexpr double kSilenceDbfs = -100.0;

static_assert(std::endian::native == std::endian::little, "samples are kept as they come");

base::Error Bad(const char* what) { return {base::ErrorCode::kBadField, what}; }

std::vector<std::uint8_t> FloatToS16(std::span<const std::uint8_t> bytes) {
  std::vector<std::uint8_t> converted(bytes.size() / 2);
  for (std::size_t i = 0; i < bytes.size() / 4; ++i) {
    float value = 0.0f;
    std::memcpy(&value, bytes.data() + 4 * i, 4);
    if (!std::isfinite(value)) value = 0.0f;
    const auto sample = static_cast<std::int16_t>(std::lround(std::clamp(value, -1.0f, 1.0f) * 32767.0f));
    std::memcpy(converted.data() + 2 * i, &sample, 2);
  }
  return converted;
}

std::int16_t SampleAt(std::span<const std::uint8_t> bytes, std::size_t index) {
  std::int16_t sample = 0;
  std::memcpy(&sample, bytes.data() + 2 * index, 2);
  return sample;
}

double ToDbfs(double amplitude) { return amplitude > 0.0 ? std::max(kSilenceDbfs, 20.0 * std::log10(amplitude)) : kSilenceDbfs; }

Loudness Measure(std::span<const std::uint8_t> s16) {
  double sum = 0.0;
  double peak = 0.0;
  const std::size_t count = s16.size() / 2;
  for (std::size_t i = 0; i < count; ++i) {
    const double value = SampleAt(s16, i) / 32768.0;
    sum += value * value;
    peak = std::max(peak, std::abs(value));
  }
  return {ToDbfs(std::sqrt(sum / static_cast<double>(count))), ToDbfs(peak)};
}

}  // namespace

base::Result<RecordingBuffer::Added> RecordingBuffer::Add(std::uint32_t seq, std::span<const std::uint8_t> bytes) {
  if (bytes.empty()) return Bad("an empty chunk");
  const std::size_t sample_bytes = source_.format == StreamFormat::kPcmF32 ? 4 : 2;
  if (IsPcm() && bytes.size() % sample_bytes != 0) return Bad("a chunk ends within a sample");
  std::vector<std::uint8_t> chunk =
      source_.format == StreamFormat::kPcmF32 ? FloatToS16(bytes) : std::vector<std::uint8_t>(bytes.begin(), bytes.end());
  if (seq < next_seq() || held_.contains(seq)) {
    const std::span<const std::uint8_t> known = Chunk(seq);
    if (!std::ranges::equal(known, chunk)) return Bad("another content under a number that was used");
    return Added{};
  }

  Added added;
  if (IsPcm()) added.loudness = Measure(chunk);
  if (seq > next_seq()) {
    if (held_.size() >= kMaxHeldChunks) return Bad("too many chunks are missing");
    if (bytes_.size() + held_bytes_ + chunk.size() > static_cast<std::size_t>(limits_.max_bytes)) {
      return base::Error{base::ErrorCode::kAudioTooLarge, "more bytes than a recording may have"};
    }
    const std::uint32_t from = std::max(next_seq(), asked_below_);
    if (from < seq) added.missing = SeqRange{from, seq - 1};
    asked_below_ = std::max(asked_below_, seq + 1);
    held_bytes_ += chunk.size();
    held_.emplace(seq, std::move(chunk));
    return added;
  }

  if (const base::Status appended = Append(std::move(chunk)); !appended.ok()) return appended.error();
  while (!held_.empty() && held_.begin()->first == next_seq()) {
    std::vector<std::uint8_t> next = std::move(held_.begin()->second);
    held_bytes_ -= next.size();
    held_.erase(held_.begin());
    if (const base::Status appended = Append(std::move(next)); !appended.ok()) return appended.error();
  }
  return added;
}

base::Status RecordingBuffer::Append(std::vector<std::uint8_t> bytes) {
  const std::size_t size = bytes_.size() + bytes.size();
  if (IsPcm() && static_cast<double>(size / 2) / source_.sample_rate_hz > limits_.max_seconds + kSlackSeconds) {
    return {base::ErrorCode::kAudioTooLong, "longer than a recording may be"};
  }
  if (size > static_cast<std::size_t>(limits_.max_bytes) || ends_.size() >= kMaxChunks) {
    return {base::ErrorCode::kAudioTooLarge, "more than a recording may have"};
  }
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  ends_.push_back(static_cast<std::uint32_t>(size));
  return {};
}

std::span<const std::uint8_t> RecordingBuffer::Chunk(std::uint32_t seq) const {
  if (const auto held = held_.find(seq); held != held_.end()) return held->second;
  const std::size_t begin = seq == 0 ? 0 : ends_[seq - 1];
  return std::span(bytes_).subspan(begin, ends_[seq] - begin);
}

bool RecordingBuffer::HasBeyond(std::int64_t last_seq) const {
  return static_cast<std::int64_t>(next_seq()) > last_seq + 1 || (!held_.empty() && held_.rbegin()->first > last_seq);
}

std::vector<SeqRange> RecordingBuffer::MissingUpTo(std::uint32_t last_seq) const {
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

std::vector<float> RecordingBuffer::TakeNewSamples() {
  const auto fresh = std::span(bytes_).subspan(taken_bytes_);
  taken_bytes_ = bytes_.size();
  std::vector<float> samples(fresh.size() / 2);
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<float>(SampleAt(fresh, i)) / 32768.0f;
  return samples;
}

pipeline::Recording RecordingBuffer::Finish() const {
  if (source_.format == StreamFormat::kWebmOpus) return {"webm_opus", bytes_};
  if (source_.format == StreamFormat::kOggOpus) return {"ogg_opus", bytes_};
  std::vector<float> samples(bytes_.size() / 2);
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<float>(SampleAt(bytes_, i)) / 32768.0f;
  return {"wav", audio::EncodeWav(samples, source_.sample_rate_hz)};
}

}  // namespace speechcoach::api
