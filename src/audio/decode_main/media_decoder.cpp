#include "audio/decode_main/media_decoder.h"

#include <algorithm>
#include <array>
#include <memory>
#include <new>
#include <numeric>
#include <string_view>

#include "audio/decode_main/memory_input.h"
#include "audio/decode_main/mono_resampler.h"
#include "model/audio_clip.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/log.h>
}

namespace speechcoach::audio {
namespace {

using decode_protocol::AnswerStatus;
using decode_protocol::Container;

struct CloseFormat {
  void operator()(AVFormatContext* format) const { avformat_close_input(&format); }
};
struct FreeCodec {
  void operator()(AVCodecContext* codec) const { avcodec_free_context(&codec); }
};
struct FreePacket {
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
};
struct FreeFrame {
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
};
using Format = std::unique_ptr<AVFormatContext, CloseFormat>;
using Codec = std::unique_ptr<AVCodecContext, FreeCodec>;
using Packet = std::unique_ptr<AVPacket, FreePacket>;
using Frame = std::unique_ptr<AVFrame, FreeFrame>;

const char* DemuxerName(Container container) {
  switch (container) {
    case Container::kWebm:
      return "matroska";
    case Container::kOgg:
      return "ogg";
    case Container::kMp3:
      return "mp3";
    case Container::kM4a:
      return "mov";
    case Container::kFlac:
      return "flac";
  }
  return "";
}

// What browsers, phones and common recording programs write into these containers.
bool IsKnownCodec(AVCodecID codec) {
  constexpr std::array kKnown = {AV_CODEC_ID_OPUS, AV_CODEC_ID_VORBIS, AV_CODEC_ID_MP3,
                                 AV_CODEC_ID_AAC,  AV_CODEC_ID_ALAC,   AV_CODEC_ID_FLAC};
  return std::ranges::find(kKnown, codec) != kKnown.end();
}

// Demuxers and decoders say only in the log that a recording ends in the middle of something or holds damaged packets.
class DamageWatch {
 public:
  DamageWatch() {
    seen_ = false;
    av_log_set_callback([](void*, int level, const char*, va_list) { seen_ = seen_ || level <= AV_LOG_ERROR; });
  }
  ~DamageWatch() { av_log_set_callback(nullptr); }
  DamageWatch(const DamageWatch&) = delete;
  DamageWatch& operator=(const DamageWatch&) = delete;
  bool seen() const { return seen_; }

 private:
  static inline bool seen_ = false;
};

Format OpenFormat(MemoryInput& input, Container container) {
  const AVInputFormat* demuxer = av_find_input_format(DemuxerName(container));
  AVFormatContext* format = avformat_alloc_context();
  if (format == nullptr) throw std::bad_alloc();
  format->pb = input.context();
  format->flags |= AVFMT_FLAG_CUSTOM_IO;
  format->io_open = [](AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) { return AVERROR(EACCES); };
  // A failed open frees the context.
  if (demuxer == nullptr || avformat_open_input(&format, nullptr, demuxer, nullptr) < 0) return nullptr;
  return Format(format);
}

Codec OpenCodec(const AVStream& stream) {
  const AVCodec* decoder = avcodec_find_decoder(stream.codecpar->codec_id);
  Codec codec(avcodec_alloc_context3(decoder));
  if (!codec) throw std::bad_alloc();
  codec->thread_count = 1;
  codec->pkt_timebase = stream.time_base;
  if (decoder == nullptr || avcodec_parameters_to_context(codec.get(), stream.codecpar) < 0 ||
      avcodec_open2(codec.get(), decoder, nullptr) < 0) {
    return nullptr;
  }
  return codec;
}

// True where the container knows its length and clearly less has come out.
bool EndsEarly(const AVStream& stream, const AVFormatContext& format, std::size_t samples) {
  constexpr double kToleranceS = 0.25;
  const bool is_declared = format.duration_estimation_method == AVFMT_DURATION_FROM_STREAM && stream.duration > 0;
  if (!is_declared) return false;
  const double declared_s = static_cast<double>(stream.duration) * av_q2d(stream.time_base);
  return static_cast<double>(samples) / model::kSampleRateHz < declared_s - kToleranceS;
}

// True where an Ogg stream stops before the page that is marked as its last (RFC 3533, 6): its demuxer takes any end for the end.
bool LacksLastOggPage(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view kMagic = "OggS";
  constexpr std::size_t kHeaderBytes = 27;
  constexpr std::uint8_t kEndOfStream = 4;
  const auto found = std::find_end(bytes.begin(), bytes.end(), kMagic.begin(), kMagic.end());
  const auto page = bytes.last(static_cast<std::size_t>(bytes.end() - found));
  if (page.size() < kHeaderBytes || (page[5] & kEndOfStream) == 0) return true;
  const std::size_t segments = page[26];
  if (page.size() < kHeaderBytes + segments) return true;
  const auto table = page.subspan(kHeaderBytes, segments);
  return page.size() < kHeaderBytes + segments + std::accumulate(table.begin(), table.end(), std::size_t{0});
}

class StreamDecoder {
 public:
  StreamDecoder(AVFormatContext& format, int stream_index, AVCodecContext& codec, std::size_t max_samples)
      : format_(format), stream_index_(stream_index), codec_(codec), max_samples_(max_samples) {
    if (!packet_ || !frame_) throw std::bad_alloc();
  }

  // False: there is more than is wanted.
  bool ReadAll() {
    while (av_read_frame(&format_, packet_.get()) >= 0) {
      const bool is_ours = packet_->stream_index == stream_index_;
      if (is_ours && avcodec_send_packet(&codec_, packet_.get()) < 0) damaged_ = true;
      av_packet_unref(packet_.get());
      if (is_ours && !ReceiveFrames()) return false;
    }
    avcodec_send_packet(&codec_, nullptr);
    if (!ReceiveFrames()) return false;
    damaged_ = !resampler_.Finish(samples_) || damaged_;
    return samples_.size() <= max_samples_;
  }

  bool damaged() const { return damaged_; }
  std::vector<float>& samples() { return samples_; }

 private:
  bool ReceiveFrames() {
    int fault = 0;
    while ((fault = avcodec_receive_frame(&codec_, frame_.get())) >= 0) {
      damaged_ = !resampler_.Convert(*frame_, samples_) || damaged_;
      av_frame_unref(frame_.get());
      if (samples_.size() > max_samples_) return false;
    }
    damaged_ = damaged_ || (fault != AVERROR(EAGAIN) && fault != AVERROR_EOF);
    return true;
  }

  AVFormatContext& format_;
  int stream_index_;
  AVCodecContext& codec_;
  std::size_t max_samples_;
  Packet packet_{av_packet_alloc()};
  Frame frame_{av_frame_alloc()};
  MonoResampler resampler_;
  std::vector<float> samples_;
  bool damaged_ = false;
};

}  // namespace

DecodedMedia DecodeMedia(std::span<const std::uint8_t> bytes, Container container, std::size_t max_samples) {
  const DamageWatch damage;
  MemoryInput input(bytes);
  const Format format = OpenFormat(input, container);
  if (!format) return {AnswerStatus::kUnreadable, false, {}};
  if (avformat_find_stream_info(format.get(), nullptr) < 0) return {AnswerStatus::kUnreadable, false, {}};
  const int index = av_find_best_stream(format.get(), AVMEDIA_TYPE_AUDIO, -1, -1, nullptr, 0);
  if (index < 0) return {AnswerStatus::kNoAudio, false, {}};
  for (unsigned i = 0; i < format->nb_streams; ++i) {
    if (static_cast<int>(i) != index) format->streams[i]->discard = AVDISCARD_ALL;
  }
  const AVStream& stream = *format->streams[index];
  if (!IsKnownCodec(stream.codecpar->codec_id)) return {AnswerStatus::kUnsupportedCodec, false, {}};
  const Codec codec = OpenCodec(stream);
  if (!codec) return {AnswerStatus::kUnreadable, false, {}};

  StreamDecoder decoder(*format, index, *codec, max_samples);
  if (!decoder.ReadAll()) return {AnswerStatus::kTooLong, false, {}};
  if (decoder.samples().empty())
    return {damage.seen() || decoder.damaged() ? AnswerStatus::kUnreadable : AnswerStatus::kNoAudio, false, {}};
  const bool truncated = damage.seen() || decoder.damaged() || EndsEarly(stream, *format, decoder.samples().size()) ||
                         (container == Container::kOgg && LacksLastOggPage(bytes));
  return {AnswerStatus::kDecoded, truncated, std::move(decoder.samples())};
}

}  // namespace speechcoach::audio
