#include "pipeline/live_listener.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <deque>
#include <mutex>
#include <span>
#include <utility>

#include "audio/media_cutter.h"
#include "audio/stream_resampler.h"
#include "model/audio_clip.h"

namespace speechcoach::pipeline {
using SteadyClock = std::chrono::steady_clock;

namespace {

// Publishes what was heard and, of a sentence that is read, what of the words that will not change is plainly wrong.
class Teller {
 public:
  Teller(SessionEvents& events, Heard heard, const pronunciation::HintFinder* hints)
      : events_(events), heard_(std::move(heard)), hints_(hints) {}

  void operator()(const stt::PartialTranscript& partial) {
    events_.Publish(heard_.session_id, TranscriptionEvent{partial.transcript, false, partial.stable_words});
    if (hints_ == nullptr || heard_.reference_text.empty() || !partial.features || partial.stable_words <= judged_words_) return;
    pronunciation::LiveHints found =
        hints_->Find({*partial.features, partial.transcript.words, partial.stable_words, judged_words_}, heard_.reference_text);
    judged_words_ = found.judged_words;
    for (pronunciation::LiveHint& hint : found.hints) events_.Publish(heard_.session_id, HintEvent{std::move(hint)});
  }

 private:
  SessionEvents& events_;
  Heard heard_;
  const pronunciation::HintFinder* hints_;
  std::size_t judged_words_ = 0;
};

}  // namespace

struct LiveListener::Ear {
  // What was appended at once, heard up to `next`.
  struct Waiting {
    std::vector<std::uint8_t> bytes;
    SteadyClock::time_point come;
    std::size_t next = 0;
  };
  struct Piece {
    std::vector<float> samples;  // at the source's rate, or 16 kHz of what was decoded
    bool is_last = true;         // of what was appended at once
    bool is_readable = true;
  };

  std::function<void(std::function<void()>)> run;
  AudioSource source;
  std::size_t piece_bytes = 0;                 // of PCM, heard in one go
  std::unique_ptr<audio::MediaCutter> cutter;  // of what is not PCM; the task's alone
  audio::AudioDecoder* decoder = nullptr;
  std::chrono::milliseconds patience{};
  std::atomic<bool> is_closed = false;
  std::mutex mutex;  // held while it hears; over what follows
  OnVoice on_voice;  // null once the listener has gone
  std::unique_ptr<audio::StreamResampler> resampler;
  std::unique_ptr<stt::LiveUtterance> utterance;       // may be null
  std::unique_ptr<prosody::LiveProsody::Voice> voice;  // may be null
  SteadyClock::time_point caught_up{};                 // the task's alone
  std::mutex waiting_mutex;                            // over what follows
  std::deque<Waiting> waiting;
  bool has_task = false;

  // A task for each piece: those of others come in between.
  static void HearOn(const std::shared_ptr<Ear>& ear) {
    ear->run([ear] {
      try {
        if (ear->HearNext()) HearOn(ear);
      } catch (...) {
        ear->is_closed = true;
        throw;
      }
    });
  }

  // False where nothing is left.
  bool HearNext() {
    Waiting* first = nullptr;
    {
      const std::lock_guard lock(waiting_mutex);
      first = &waiting.front();  // stays where it is while others are appended
    }
    const auto come = std::max(first->come, caught_up);
    const bool is_whole = first->next == 0;
    // Nothing is decoded for nobody.
    const Piece piece = is_closed || SteadyClock::now() - come > patience ? Piece{{}, true, false}
                        : cutter                                          ? NextDecoded(*first)
                                                                          : NextSamples(*first);
    Hear(piece);
    // The pieces of something long, and what comes behind them, wait for each other and not for others.
    if (!piece.is_last || !is_whole) caught_up = SteadyClock::now();
    const std::lock_guard lock(waiting_mutex);
    if (piece.is_last) waiting.pop_front();
    has_task = !waiting.empty();
    return has_task;
  }

  Piece NextSamples(Waiting& from) {
    const auto rest = std::span<const std::uint8_t>(from.bytes).subspan(from.next);
    const auto bytes = rest.first(std::min(piece_bytes, rest.size()));
    from.next += bytes.size();
    return {ToSamples(source, bytes), from.next == from.bytes.size(), true};
  }

  Piece NextDecoded(Waiting& from) {
    if (from.next == 0 && !cutter->Append(from.bytes)) return {{}, true, false};
    from.next = from.bytes.size();
    const auto media = cutter->Take();
    if (!media) return {};
    auto clip = decoder->Decode(media->bytes, Name(source.format));
    if (!clip.ok()) return {{}, true, false};
    const auto fresh = static_cast<std::size_t>(std::lround(media->new_s * model::kSampleRateHz));
    if (clip->samples.size() > fresh)
      clip->samples.erase(clip->samples.begin(), clip->samples.end() - static_cast<std::ptrdiff_t>(fresh));
    return {std::move(clip->samples), false, true};
  }

  void Hear(const Piece& piece) {
    const std::lock_guard lock(mutex);
    if (!on_voice) return;
    if (is_closed || !piece.is_readable) {
      // The utterance waits for its listener's end: its own may take long, and others are to be heard here.
      is_closed = true;
      voice.reset();
      resampler.reset();
      return on_voice({});  // somebody may wait for it
    }
    std::vector<VoicePoint> points;
    const auto resampled = resampler->Process(piece.samples);
    if (resampled.ok() && !resampled->empty()) {
      if (utterance) utterance->Append(*resampled);
      if (voice) {
        for (const prosody::ProvisionalPoint& point : voice->Append(*resampled))
          points.push_back({point.time_s, point.f0_hz, point.level_dbfs});
      }
    }
    on_voice(points);
  }
};

base::Result<std::unique_ptr<LiveListener>> LiveListener::Start(const LiveEars& ears, SessionEvents& events, Heard heard,
                                                                OnVoice on_voice) {
  auto ear = std::make_shared<Ear>();
  ear->source = heard.source;
  if (!ear->source.is_pcm()) {
    ear->cutter = audio::MakeMediaCutter(Name(ear->source.format), heard.max_seconds);
    ear->decoder = ears.decoder;
    if (!ear->cutter || ear->decoder == nullptr)
      return {base::ErrorCode::kUnsupportedFormat, "nobody decodes it while it comes in"};
  }
  auto resampler = audio::StreamResampler::Make(ear->source.is_pcm() ? ear->source.sample_rate_hz : model::kSampleRateHz,
                                                model::kSampleRateHz);
  if (!resampler.ok()) return resampler.error();
  ear->resampler = std::move(*resampler);
  ear->run = ears.run;
  ear->piece_bytes = static_cast<std::size_t>(ear->source.sample_rate_hz) * ear->source.sample_bytes();
  ear->patience = ears.patience;
  ear->on_voice = std::move(on_voice);
  if (ears.words != nullptr) {
    ear->utterance = ears.words->Begin(Teller(events, std::move(heard), ears.hints));
  }
  if (ears.voice != nullptr) ear->voice = ears.voice->Begin();
  return std::unique_ptr<LiveListener>(new LiveListener(std::move(ear)));
}

LiveListener::LiveListener(std::shared_ptr<Ear> ear) : ear_(std::move(ear)) {}

LiveListener::~LiveListener() {
  std::unique_ptr<stt::LiveUtterance> utterance;  // ends after the lock: the tasks that wait need not wait for it
  const std::lock_guard lock(ear_->mutex);
  ear_->is_closed = true;
  ear_->on_voice = nullptr;
  utterance = std::move(ear_->utterance);
  ear_->voice.reset();
  ear_->resampler.reset();
}

bool LiveListener::Append(std::vector<std::uint8_t> bytes) {
  if (ear_->is_closed) return false;
  {
    const std::lock_guard lock(ear_->waiting_mutex);
    ear_->waiting.push_back({std::move(bytes), SteadyClock::now()});
    if (std::exchange(ear_->has_task, true)) return true;
  }
  Ear::HearOn(ear_);
  return true;
}

}  // namespace speechcoach::pipeline
