#include "audio/decode_main/mono_resampler.h"

#include <algorithm>

#include "model/audio_clip.h"

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/frame.h>
#include <libavutil/opt.h>
#include <libswresample/swresample.h>
}

namespace speechcoach::audio {

MonoResampler::~MonoResampler() { swr_free(&context_); }

bool MonoResampler::Configure(const AVFrame& frame) {
  swr_free(&context_);
  AVChannelLayout input{};
  if (frame.ch_layout.order == AV_CHANNEL_ORDER_NATIVE) {
    if (av_channel_layout_copy(&input, &frame.ch_layout) < 0) return false;
  } else {
    av_channel_layout_default(&input, frame.ch_layout.nb_channels);
  }
  AVChannelLayout mono = AV_CHANNEL_LAYOUT_MONO;
  const int fault = swr_alloc_set_opts2(&context_, &mono, AV_SAMPLE_FMT_FLT, model::kSampleRateHz, &input,
                                        static_cast<AVSampleFormat>(frame.format), frame.sample_rate, 0, nullptr);
  av_channel_layout_uninit(&input);
  if (fault < 0) return false;
  // Without a maximum, channels are summed at -3 dB each and a loud stereo recording clips.
  av_opt_set_double(context_, "rematrix_maxval", 1.0, 0);
  // Longer than the default, so that what lies above 8 kHz does not fold back into the speech band.
  av_opt_set_int(context_, "filter_size", 96, 0);
  av_opt_set_double(context_, "cutoff", 0.94, 0);
  if (swr_init(context_) < 0) {
    swr_free(&context_);
    return false;
  }
  rate_hz_ = frame.sample_rate;
  channels_ = frame.ch_layout.nb_channels;
  sample_format_ = frame.format;
  return true;
}

bool MonoResampler::Push(const std::uint8_t* const* input, int input_samples, std::vector<float>& samples) {
  const int room = swr_get_out_samples(context_, input_samples);
  if (room < 0) return false;
  const std::size_t before = samples.size();
  samples.resize(before + static_cast<std::size_t>(room));
  auto* output = reinterpret_cast<std::uint8_t*>(samples.data() + before);
  const int written = swr_convert(context_, &output, room, const_cast<const std::uint8_t**>(input), input_samples);
  samples.resize(before + static_cast<std::size_t>(std::max(written, 0)));
  return written >= 0;
}

bool MonoResampler::Convert(const AVFrame& frame, std::vector<float>& samples) {
  if (frame.sample_rate < 1 || frame.ch_layout.nb_channels < 1 || frame.nb_samples < 1) return false;
  const bool changed =
      frame.sample_rate != rate_hz_ || frame.ch_layout.nb_channels != channels_ || frame.format != sample_format_;
  if (context_ == nullptr || changed) {
    if (!Finish(samples) || !Configure(frame)) return false;
  }
  return Push(frame.extended_data, frame.nb_samples, samples);
}

bool MonoResampler::Finish(std::vector<float>& samples) { return context_ == nullptr || Push(nullptr, 0, samples); }

}  // namespace speechcoach::audio
